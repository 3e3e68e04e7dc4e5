import { act, renderHook } from '@testing-library/react';
import { expect, test } from 'vitest';
import { useSending } from './use-sending';

test('while it is on its way nothing more is sent', async () => {
  const { result } = renderHook(() => useSending());
  let sent = 0;
  let arrive = () => {};
  const run = () => {
    sent += 1;
    return new Promise<void>((done) => {
      arrive = done;
    });
  };
  await act(async () => {
    // Both before anything was drawn.
    const both = Promise.all([result.current.send(run), result.current.send(run)]);
    arrive();
    await both;
  });
  expect(sent).toBe(1);
  expect(result.current.busy).toBe(false);
});

test('what was refused can be sent again', async () => {
  const { result } = renderHook(() => useSending());
  const refused = () => Promise.reject(new Error('refused'));
  await act(() => result.current.send(refused).catch(() => {}));
  expect(result.current.busy).toBe(false);
  expect(await act(() => result.current.send(async () => 'done'))).toBe('done');
});
