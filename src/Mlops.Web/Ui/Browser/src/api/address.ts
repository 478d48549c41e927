import { operations, type OperationId } from './contracts';
import { place } from './place';

export type Values = Record<string, string | number | boolean | null | undefined>;

/** Returns the address of an operation, with the values of its path and query. */
export function addressOf(id: OperationId, path?: Values, query?: Values): string {
  const filled = operations[id].path.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = path?.[name];
    if (value === undefined || value === null || value === '')
      throw new Error(`The address of ${id} needs '${name}'.`);
    return encodeURIComponent(String(value));
  });
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query ?? {})) {
    if (value !== undefined && value !== null && value !== '')
      search.set(name, String(value));
  }
  const text = search.toString();
  return `${place}${filled}${text ? `?${text}` : ''}`;
}
