function meta(name: string): string {
  const content = typeof document === 'undefined' ? '' : (document.querySelector(`meta[name="mlops-${name}"]`)?.getAttribute('content') ?? '');
  // The development server fills nothing in.
  return content.startsWith('%') ? '' : content;
}

/** The path below which the host has mapped the node, without a slash at its end. */
export const place = meta('place');

/** What the content security policy wants to see on style elements. */
export const nonce = meta('nonce');
