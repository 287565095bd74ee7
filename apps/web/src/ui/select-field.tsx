import { useId } from "react";
import type { ReactNode } from "react";

interface SelectFieldProps {
  readonly label: string;
  readonly value: string;
  readonly options: readonly { readonly value: string; readonly label: string; readonly disabled?: boolean }[];
  readonly onChange: (value: string) => void;
  readonly hint?: ReactNode;
  readonly error?: string | null;
}

/** One of many, by name. */
export function SelectField({ label, value, options, onChange, hint, error }: SelectFieldProps) {
  const id = useId();
  return (
    <div className="flex flex-col gap-1">
      <label htmlFor={id} className="text-xs text-muted">{label}</label>
      <select
        id={id}
        value={value}
        aria-invalid={Boolean(error)}
        aria-describedby={error || hint ? `${id}-note` : undefined}
        onChange={(event) => onChange(event.target.value)}
        className={`h-8 rounded-box border bg-surface px-1.5 text-sm hover:border-line-strong ${error ? "border-bad" : "border-line"}`}
      >
        {options.map((option) => <option key={option.value} value={option.value} disabled={option.disabled}>{option.label}</option>)}
      </select>
      {error ? <p id={`${id}-note`} role="alert" className="text-xs text-bad">{error}</p> : hint ? <p id={`${id}-note`} className="text-xs text-muted">{hint}</p> : null}
    </div>
  );
}
