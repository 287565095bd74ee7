/** The two-VPC lab in miniature. */
export const LabPicture = () => (
  <svg width="360" height="168" viewBox="0 0 360 168" aria-hidden className="text-line-strong">
    <rect x="20" y="6" width="320" height="24" rx="6" className="fill-raised stroke-line-strong" />
    <path d="M100 30 V54 M280 30 V54" stroke="currentColor" strokeWidth="2" />
    <rect x="20" y="54" width="160" height="104" rx="8" className="fill-surface stroke-line-strong" />
    <rect x="220" y="54" width="120" height="104" rx="8" className="fill-surface stroke-line-strong" />
    <rect x="30" y="78" width="66" height="70" rx="6" className="fill-public-soft stroke-public-line" />
    <rect x="104" y="78" width="66" height="70" rx="6" className="fill-private-soft stroke-private-line" />
    <rect x="232" y="78" width="96" height="70" rx="6" className="fill-public-soft stroke-public-line" />
    <rect x="38" y="104" width="50" height="24" rx="4" className="fill-surface stroke-public-line" />
    <rect x="112" y="104" width="50" height="24" rx="4" className="fill-surface stroke-private-line" />
    <rect x="244" y="104" width="72" height="24" rx="4" className="fill-surface stroke-public-line" />
    <path d="M180 108 H220" className="stroke-accent" strokeWidth="2.5" strokeDasharray="4 5" strokeLinecap="round" />
    <rect x="84" y="46" width="32" height="16" rx="5" className="fill-surface stroke-public-line" />
    <rect x="264" y="46" width="32" height="16" rx="5" className="fill-surface stroke-public-line" />
  </svg>
);
