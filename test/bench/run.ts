// One benchmark in a process of its own: `run.ts NAME SETTING`; the last line of its output is what it measured.
import type { Bench, Setting } from './figures.ts';

const [, , name = '', setting = '{}'] = process.argv;
const { bench } = (await import(`./${name}.ts`)) as { readonly bench: Bench };
const measured = await bench(JSON.parse(setting) as Setting);
console.log(JSON.stringify(measured));
process.exit(0); // servers and threads of a benchmark have no other purpose
