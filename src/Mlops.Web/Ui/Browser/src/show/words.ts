import { dateTime } from './times';

/** How a figure of power or energy came about; figures of different methods are not to be compared. */
export const energyMethods: Readonly<Record<string, string>> = { rapl: 'measured by the CPU', 'tdp-load': 'estimated from CPU load', constant: 'rough estimate' };

/** A name as programs write it, in words: "awaitingApproval" is "awaiting approval". */
export function words(name: string): string {
  return name.replace(/([a-z])([A-Z])/g, (_, a: string, b: string) => `${a} ${b.toLowerCase()}`);
}

/** A text with a capital at its beginning. */
export function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** One thing or several: "1 record", "5 records". */
export function several(count: number, one: string, many = `${one}s`): string {
  return `${new Intl.NumberFormat(undefined).format(count)} ${count === 1 ? one : many}`;
}

/** The beginning of a digest, by which people tell digests apart. */
export function shortDigest(digest: string): string {
  return digest.length > 14 ? digest.slice(0, 12) : digest;
}

const written = /\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?Z/g;

/** A sentence of the node with its times in the viewer's zone. */
export function withLocalTimes(text: string): string {
  return text.replace(written, at => dateTime(at));
}
