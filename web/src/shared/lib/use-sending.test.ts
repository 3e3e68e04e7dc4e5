import { act, renderHook } from '@testing-library/react';
import { expect, test } from 'vitest';
import { useSending } from './use-sending';

test('while it is on its way nothing more is sent', async () => {
  const { result } = renderHook(() => useSending());
  const keys: string[] = [];
  let arrive = () => {};
  const run = (key: string) => {
    keys.push(key);
    return new Promise<void>((done) => {
      arrive = done;
    });
  };
  await act(async () => {
    // Both before anything was drawn.
    const both = Promise.all([result.current.send('words', run), result.current.send('words', run)]);
    arrive();
    await both;
  });
  expect(keys).toHaveLength(1);
  expect(result.current.busy).toBe(false);
});

test('the same words without an answer carry the same key, others another', async () => {
  const { result } = renderHook(() => useSending());
  const keys: string[] = [];
  const send = (words: unknown, answered: boolean) =>
    act(() =>
      result.current
        .send(words, async (key) => {
          keys.push(key);
          if (!answered) throw new Error('lost');
        })
        .catch(() => {}),
    );
  await send({ title: 'a' }, false);
  await send({ title: 'a' }, false);
  await send({ title: 'b' }, true);
  await send({ title: 'b' }, true);
  expect(keys[1]).toBe(keys[0]);
  expect(new Set(keys).size).toBe(3);
});
