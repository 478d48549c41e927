/** The id that a feed made of a file gets. */
export function feedNameOf(file: string): string {
  return file.replace(/\.[^.]+$/, '').toLowerCase().replace(/[^a-z0-9_.]+/g, '-').replace(/^-+|-+$/g, '');
}
