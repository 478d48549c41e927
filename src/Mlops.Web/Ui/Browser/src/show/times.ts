export type Instant = string | number | Date;

/** Milliseconds since 1970 of a time as the node writes it. */
export function milliseconds(at: Instant): number {
  return at instanceof Date ? at.getTime() : typeof at === 'number' ? at : Date.parse(at);
}

const day: Intl.DateTimeFormatOptions = { year: 'numeric', month: 'short', day: 'numeric' };
const clock: Intl.DateTimeFormatOptions = { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' };

/** A time in the viewer's zone, to the second. */
export function dateTime(at: Instant | null | undefined): string {
  return at === null || at === undefined ? '–' : new Intl.DateTimeFormat(undefined, { ...day, ...clock }).format(milliseconds(at));
}

/** A time in the viewer's zone, to the millisecond and with the zone. */
export function exactTime(at: Instant | null | undefined): string {
  return at === null || at === undefined ? '–' : new Intl.DateTimeFormat(undefined, { ...day, ...clock, fractionalSecondDigits: 3, timeZoneName: 'short' }).format(milliseconds(at));
}

/** A moment of a record in few characters: day, time of day, milliseconds. */
export function moment(at: Instant | null | undefined): string {
  return at === null || at === undefined ? '–' : new Intl.DateTimeFormat(undefined, { month: 'short', day: 'numeric', ...clock, fractionalSecondDigits: 3 }).format(milliseconds(at));
}

/** The time of day in the viewer's zone, to the millisecond. */
export function timeOfDay(at: Instant | null | undefined): string {
  return at === null || at === undefined ? '–' : new Intl.DateTimeFormat(undefined, { ...clock, fractionalSecondDigits: 3 }).format(milliseconds(at));
}

const steps: [number, Intl.RelativeTimeFormatUnit][] = [[31_557_600, 'year'], [2_629_800, 'month'], [604_800, 'week'], [86_400, 'day'], [3_600, 'hour'], [60, 'minute'], [1, 'second']];

/** How long ago, or in how long: "3 minutes ago". */
export function relativeTime(at: Instant | null | undefined, now: number = Date.now()): string {
  if (at === null || at === undefined)
    return 'never';
  const seconds = (milliseconds(at) - now) / 1000;
  if (Math.abs(seconds) < 5)
    return 'just now';
  const [length, unit] = steps.find(([size]) => Math.abs(seconds) >= size) ?? [1, 'second'];
  return new Intl.RelativeTimeFormat(undefined, { numeric: 'auto' }).format(Math.trunc(seconds / length), unit);
}

/** Seconds of a length of time as the node writes it: [days.]hours:minutes:seconds[.fraction], or seconds as they are. */
export function spanSeconds(span: string | number): number {
  const [, days, hours, minutes, seconds] = /^(?:(\d+)\.)?(\d+):(\d+):(\d+(?:\.\d+)?)$/.exec(String(span)) ?? [];
  return hours === undefined ? Number(span) : Number(days ?? 0) * 86_400 + Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds);
}

/** The name of the viewer's time zone. */
export function zone(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone;
}
