// Metrics with a meter provider of our own, so that `/metrics` works without any exporter. The SDK costs about 100 ms to
// load: it is loaded by `startMetrics` (after the server is ready) or the first scrape; what is recorded before waits here.
import type { Meter, ObservableResult } from '@opentelemetry/api';

/** Low-cardinality names of things (a route template, a projection). Never personal data, never an id of a person. */
export type Attributes = Readonly<Record<string, string | number | boolean>>;
export type Sample = { readonly value: number; readonly attributes?: Attributes };

type Recorder = (value: number, attributes?: Attributes) => void;
export type Counter = { readonly add: Recorder };
export type Histogram = { readonly record: Recorder };
/** `unit` as in UCUM: `ms`, `By`, `1`. */
export type MetricAbout = { readonly help: string; readonly unit?: string };

export type Metrics = {
  readonly counter: (name: string, about: MetricAbout) => Counter;
  /** `buckets`: upper bounds, ascending. */
  readonly histogram: (
    name: string,
    about: MetricAbout & { readonly buckets: readonly number[] },
  ) => Histogram;
  /** `observe` is asked at every scrape. */
  readonly gauge: (
    name: string,
    about: MetricAbout,
    observe: () => readonly Sample[] | Promise<readonly Sample[]>,
  ) => void;
  /** Loads the SDK if that has not happened yet. */
  readonly start: () => Promise<void>;
  /** All metrics in the Prometheus text format. */
  readonly text: () => Promise<string>;
};

// Records that wait for the SDK: a start takes a second or two; when they are more, the SDK is loaded at once.
const MAX_WAITING = 10_000;

type Sdk = { readonly meter: Meter; readonly text: () => Promise<string> };

/** Loads the SDK once and keeps what is made and recorded before. */
const lateSdk = () => {
  let sdk: Sdk | undefined;
  let loading: Promise<Sdk> | undefined;
  let made: ((meter: Meter) => void)[] = [];
  let recorded: (() => void)[] = [];

  const ready = (loaded: Sdk): Sdk => {
    sdk = loaded;
    for (const make of made) make(loaded.meter);
    for (const record of recorded) record();
    made = [];
    recorded = [];
    return loaded;
  };
  const load = (): Promise<Sdk> => (loading ??= loadSdk().then(ready));
  return {
    load,
    make: (create: (meter: Meter) => void): void => {
      if (sdk === undefined) made.push(create);
      else create(sdk.meter);
    },
    record: (record: () => void): void => {
      if (recorded.length < MAX_WAITING) recorded.push(record);
      else void load();
    },
  };
};

export const createMetrics = (): Metrics => {
  const sdk = lateSdk();
  /** `create` gives the recorder once there is a meter; until then records wait. */
  const recorder = (create: (meter: Meter) => Recorder): Recorder => {
    let made: Recorder | undefined;
    sdk.make((meter) => (made = create(meter)));
    return (value, attributes) =>
      made === undefined ? sdk.record(() => made?.(value, attributes)) : made(value, attributes);
  };
  return {
    counter: (name, { help, unit }) => ({
      add: recorder((meter) => {
        const made = meter.createCounter(name, described(help, unit));
        return (value, attributes) => made.add(value, attributes);
      }),
    }),
    histogram: (name, { help, unit, buckets }) => ({
      record: recorder((meter) => {
        const advice = { explicitBucketBoundaries: [...buckets] };
        const made = meter.createHistogram(name, { ...described(help, unit), advice });
        return (value, attributes) => made.record(value, attributes);
      }),
    }),
    gauge: (name, { help, unit }, observe) =>
      sdk.make((meter) =>
        meter
          .createObservableGauge(name, described(help, unit))
          .addCallback(async (result: ObservableResult) => {
            for (const sample of await observe()) result.observe(sample.value, sample.attributes);
          }),
      ),
    start: async () => void (await sdk.load()),
    text: async () => (await sdk.load()).text(),
  };
};

const described = (description: string, unit = '1'): { description: string; unit: string } => ({
  description,
  unit,
});

const loadSdk = async (): Promise<Sdk> => {
  const [{ MeterProvider }, { PrometheusExporter, PrometheusSerializer }] = await Promise.all([
    import('@opentelemetry/sdk-metrics'),
    import('@opentelemetry/exporter-prometheus'),
  ]);
  // Used as a reader only: it opens no port of its own.
  const reader = new PrometheusExporter({ preventServerStart: true });
  const provider = new MeterProvider({ readers: [reader] });
  const serializer = new PrometheusSerializer(undefined, false, undefined, true, true);
  return {
    meter: provider.getMeter('tenure'),
    text: async () => serializer.serialize((await reader.collect()).resourceMetrics),
  };
};

/** The metrics of this process. */
const shared = createMetrics();
export const { counter, histogram, gauge, start: startMetrics, text: metricsText } = shared;
