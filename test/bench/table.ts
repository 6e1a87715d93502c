// The table of a run: figure, goal, measured, ratio to the limit of the same run, met or missed.
import { isMet, type Figure, type Measured } from './figures.ts';

const HEAD = ['bench', 'disk', 'figure', 'goal', 'measured', 'unit', 'limit in this run', 'ratio', ''];

const shown = (value: number): string => {
  if (!Number.isFinite(value)) return '–';
  if (Math.abs(value) >= 100) return Math.round(value).toLocaleString('en');
  return String(Number(value.toPrecision(3)));
};

const goalOf = ({ goal }: Figure): string => {
  if (goal === undefined) return '';
  return 'atLeast' in goal ? `≥ ${shown(goal.atLeast)}` : `≤ ${shown(goal.atMost)}`;
};

const verdict = (figure: Figure): string => {
  const met = isMet(figure);
  return met === null ? '' : met ? 'met' : 'missed';
};

const rowOf = ({ bench, disk }: Measured, figure: Figure): readonly string[] => [
  bench,
  disk,
  figure.name,
  goalOf(figure),
  shown(figure.value),
  figure.unit,
  figure.limit === undefined ? '' : `${shown(figure.limit.value)} ${figure.limit.name}`,
  figure.limit === undefined ? '' : shown(figure.value / figure.limit.value),
  verdict(figure),
];

/** As Markdown, so that it can be kept as it is. */
export const tableOf = (all: readonly Measured[]): string => {
  const rows = [HEAD, ...all.flatMap((one) => one.figures.map((figure) => rowOf(one, figure)))];
  const widths = HEAD.map((_, i) => Math.max(...rows.map((row) => row[i]?.length ?? 0)));
  const line = (row: readonly string[]): string =>
    `| ${row.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join(' | ')} |`;
  const rule = `|${widths.map((width) => '-'.repeat(width + 2)).join('|')}|`;
  return [line(HEAD), rule, ...rows.slice(1).map(line)].join('\n');
};
