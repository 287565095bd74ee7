/** The corner that resizes a container. */
export const ResizeGrip = () => (
  <svg width="16" height="16" viewBox="0 0 16 16" className="absolute -right-0.5 -bottom-0.5 -translate-x-1/2 -translate-y-1/2 text-accent" aria-hidden>
    <path d="M14 4 L4 14 M14 9 L9 14" stroke="currentColor" strokeWidth="2" strokeLinecap="round" />
  </svg>
);
