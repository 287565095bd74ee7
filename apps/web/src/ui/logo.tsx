/** Two networks and the link between them. */
export const Logo = () => (
  <svg width="22" height="22" viewBox="0 0 22 22" aria-hidden className="text-accent">
    <rect x="1.5" y="3.5" width="9" height="9" rx="2.5" fill="none" stroke="currentColor" strokeWidth="2" />
    <rect x="11.5" y="9.5" width="9" height="9" rx="2.5" fill="currentColor" opacity="0.25" stroke="currentColor" strokeWidth="2" />
    <path d="M10.5 8 H16 V9.5" fill="none" stroke="currentColor" strokeWidth="2" />
  </svg>
);
