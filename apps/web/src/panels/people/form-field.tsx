import clsx from "clsx";
import { useId } from "react";
import type { InputHTMLAttributes } from "react";
import { useHydrated } from "../../ui/use-hydrated";

interface FormFieldProps extends Omit<InputHTMLAttributes<HTMLInputElement>, "onChange" | "value"> {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly hint?: string;
  readonly error?: string | null;
}

/** A field of a form that is sent as a whole; the reason of a refusal stands beneath it. */
export function FormField({ label, value, onChange, hint, error, className, ...rest }: FormFieldProps) {
  const id = useId();
  const hydrated = useHydrated();
  return (
    <div className="flex flex-col gap-1">
      <label htmlFor={id} className="text-xs text-muted">{label}</label>
      <input
        id={id}
        value={value}
        readOnly={!hydrated}
        spellCheck={false}
        autoCapitalize="none"
        aria-invalid={Boolean(error)}
        aria-describedby={error || hint ? `${id}-note` : undefined}
        onChange={(event) => onChange(event.target.value)}
        className={clsx(
          "h-9 w-full rounded-box border bg-surface px-2.5 outline-none transition-colors duration-100",
          error ? "border-bad" : "border-line hover:border-line-strong focus:border-accent", className,
        )}
        {...rest}
      />
      {error ? <p id={`${id}-note`} role="alert" className="text-xs text-bad">{error}</p> : hint ? <p id={`${id}-note`} className="text-xs text-muted">{hint}</p> : null}
    </div>
  );
}
