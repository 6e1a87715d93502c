import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { answersIn } from './answer.ts';

describe('answers in a stream of text', () => {
  const results = [1, 2, 3].map((line) => ({ line, status: 201, id: 'é☃' }));
  const whole = `${results.map((result) => JSON.stringify(result)).join('\n')}\n{"done":3}\n`;

  it('are the same however the text was cut', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(whole.length), { maxLength: 8 }), (cuts) => {
        const at = [0, ...cuts.toSorted((a, b) => a - b), whole.length];
        const answers = answersIn();
        const taken = at.flatMap((from, i) => answers.take(whole.slice(from, at[i + 1] ?? whole.length)));
        expect(taken).toEqual(results);
      }),
    );
  });
  it.each(['<html>', '{"line":1}', '{"status":201}', '[]', 'null', '"x"', '{"line":"1","status":200}'])(
    'are malformed when a line is %s',
    (line) => expect(answersIn().take(`${line}\n`)).toEqual(['malformed']),
  );
  it('are malformed when a line never ends', () => {
    expect(answersIn().take('x'.repeat(1_048_577))).toEqual(['malformed']);
  });
  it('forget a half line with its connection', () => {
    const answers = answersIn();
    expect(answers.take('{"line":1,"sta')).toEqual([]);
    answers.reset();
    expect(answers.take('{"line":1,"status":200}\n')).toEqual([{ line: 1, status: 200 }]);
  });
});
