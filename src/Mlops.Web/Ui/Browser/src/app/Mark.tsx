/** The sign of the framework. */
export function Mark({ size = 24 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden="true" focusable="false">
      <rect width="32" height="32" rx="7" fill="#1f4e79" />
      <path d="M7 21l5-9 4 6 3-5 6 8" fill="none" stroke="#fff" strokeWidth="2.6" strokeLinecap="round" strokeLinejoin="round" />
      <circle cx="25" cy="21" r="2.4" fill="#5ad1a4" />
    </svg>
  );
}
