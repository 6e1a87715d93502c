/** One thing that was looked at. `mend`: what to do about it. */
export type Finding = {
  readonly what: string;
  readonly state: 'ok' | 'warning' | 'failed';
  readonly found: string;
  readonly mend?: string;
};

export const ok = (what: string, found: string): Finding => ({ what, state: 'ok', found });
export const warning = (what: string, found: string, mend: string): Finding => ({
  what,
  state: 'warning',
  found,
  mend,
});
export const failed = (what: string, found: string, mend: string): Finding => ({
  what,
  state: 'failed',
  found,
  mend,
});
