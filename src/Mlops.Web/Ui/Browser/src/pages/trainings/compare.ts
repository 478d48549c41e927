const smaller = /(loss|error|rmse|mae|mse)$/i;

/** Whether values are not all the same. */
export function differs(values: readonly unknown[]): boolean {
  return new Set(values.map(v => JSON.stringify(v ?? null))).size > 1;
}

/** The place of the best value of a metric; null when all are the same. Errors and losses are best when small. */
export function bestOf(name: string, values: readonly (number | undefined)[]): number | null {
  const there = values.filter((v): v is number => typeof v === 'number' && Number.isFinite(v));
  if (there.length < 2 || !differs(there))
    return null;
  return values.indexOf(smaller.test(name) ? Math.min(...there) : Math.max(...there));
}
