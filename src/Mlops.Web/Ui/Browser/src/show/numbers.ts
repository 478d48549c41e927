const locale = undefined;
const none = '–';

function format(value: number, options: Intl.NumberFormatOptions): string {
  return new Intl.NumberFormat(locale, options).format(value);
}

function isThere(value: number | null | undefined): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}

/** A count in full: 1,234,567. */
export function count(value: number | null | undefined): string {
  return isThere(value) ? format(value, { maximumFractionDigits: 0 }) : none;
}

/** A count in few characters: 1.2M. */
export function shortCount(value: number | null | undefined): string {
  // Some languages write a small m, which would be thousandths.
  return isThere(value) ? format(value, { notation: Math.abs(value) >= 10_000 ? 'compact' : 'standard', maximumFractionDigits: Math.abs(value) >= 10_000 ? 1 : 0 }).replace(/m$/, 'M') : none;
}

/** A measured value with as many digits as say something. */
export function measure(value: number | null | undefined, digits = 4): string {
  if (!isThere(value))
    return none;
  const size = Math.abs(value);
  return size !== 0 && (size < 1e-4 || size >= 1e9)
    ? format(value, { notation: 'scientific', maximumSignificantDigits: digits })
    : format(value, size >= 10 ** digits ? { maximumFractionDigits: 0 } : { maximumSignificantDigits: digits });
}

/** How many decimals a column of values needs so that they stand below each other; six at most. */
export function decimalsOf(values: readonly unknown[]): number {
  let most = 0;
  for (const value of values) {
    if (isThere(value as number) && Math.abs(value as number) < 1e9)
      most = Math.max(most, Math.min(6, `${Math.round((value as number) * 1e6) / 1e6}`.split('.')[1]?.length ?? 0));
  }
  return most;
}

/** A value with a fixed number of decimals. */
export function fixed(value: number, decimals: number): string {
  return Math.abs(value) >= 1e9 ? measure(value, 7) : format(value, { minimumFractionDigits: decimals, maximumFractionDigits: decimals });
}

/** A value with its unit, if it has one: 21.5 °C. */
export function quantity(value: number | null | undefined, unit?: string | null, digits = 4): string {
  const text = measure(value, digits);
  return unit && text !== none ? `${text}\u202f${unit}` : text;
}

/** A share of one as percent: 0.874 is 87.4 %. */
export function percent(share: number | null | undefined, digits = 1): string {
  return isThere(share) ? `${format(share * 100, { maximumFractionDigits: digits })}\u202f%` : none;
}

export function bytes(value: number | null | undefined): string {
  if (!isThere(value))
    return none;
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'];
  let unit = 0;
  let size = value;
  while (Math.abs(size) >= 1024 && unit < units.length - 1) {
    size /= 1024;
    unit++;
  }
  return `${format(size, { maximumFractionDigits: unit === 0 || Math.abs(size) >= 100 ? 0 : 1 })}\u202f${units[unit]}`;
}

/** Energy from watt hours, in the unit that leaves few digits: 81.5 µWh. */
export function energy(wattHours: number | null | undefined): string {
  if (!isThere(wattHours))
    return none;
  const size = Math.abs(wattHours);
  const [unit, name] = ([[1e3, 'kWh'], [1, 'Wh'], [1e-3, 'mWh']] as const).find(([least]) => size >= least) ?? [1e-6, 'µWh'];
  return `${format(wattHours / unit, { maximumSignificantDigits: 3 })}\u202f${name}`;
}

/** How many a second: 12.5 /s. */
export function rate(perSecond: number | null | undefined): string {
  return isThere(perSecond) ? `${format(perSecond, { maximumFractionDigits: Math.abs(perSecond) >= 100 ? 0 : 1 })}\u202f/s` : none;
}

/** A length of time in the two largest units that matter: 3 h 20 min. */
export function duration(seconds: number | null | undefined): string {
  if (!isThere(seconds))
    return none;
  const size = Math.abs(seconds);
  if (size < 1e-3)
    return `${format(seconds * 1e6, { maximumFractionDigits: 0 })}\u202fµs`;
  if (size < 1)
    return `${format(seconds * 1e3, { maximumSignificantDigits: 3 })}\u202fms`;
  if (size < 60)
    return `${format(seconds, { maximumSignificantDigits: 3 })}\u202fs`;
  const whole = Math.round(size);
  const units: [number, string][] = [[86_400, 'd'], [3_600, 'h'], [60, 'min'], [1, 's']];
  const first = units.findIndex(([length]) => whole >= length);
  const parts: string[] = [];
  let rest = whole;
  for (const [length, name] of units.slice(first, first + 2)) {
    const amount = Math.floor(rest / length);
    rest -= amount * length;
    if (amount > 0)
      parts.push(`${amount}\u202f${name}`);
  }
  return `${seconds < 0 ? '−' : ''}${parts.join(' ')}`;
}
