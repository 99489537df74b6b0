/** Starts a stopwatch. Returns a function that returns the milliseconds since its previous call, or since the start. */
export function stopwatch(): () => number {
  let last = performance.now();
  return () => {
    const now = performance.now();
    const passed = now - last;
    last = now;
    return passed;
  };
}
