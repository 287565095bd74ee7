import { CopyButton } from "../../ui/copy-button";

/** Something that follows from the drawing and cannot be edited here. */
export function Fact({ label, value, copy }: { readonly label: string; readonly value: string; readonly copy?: boolean }) {
  return (
    <div className="flex items-center justify-between gap-2 text-sm">
      <dt className="shrink-0 text-xs text-muted">{label}</dt>
      <dd className="numeric flex min-w-0 items-center gap-1 text-xs">
        <span className="truncate" title={value}>{value}</span>
        {copy ? <CopyButton text={value} label={`Copy ${label.toLowerCase()}`} /> : null}
      </dd>
    </div>
  );
}

/** The same for values of any length. */
export const ReadFact = ({ label, value }: { readonly label: string; readonly value: string }) => (
  <div className="flex items-baseline justify-between gap-3 text-sm">
    <dt className="shrink-0 text-xs text-muted">{label}</dt>
    <dd className="numeric min-w-0 text-right text-xs break-words">{value}</dd>
  </div>
);
