import clsx from "clsx";
import { useId, useState } from "react";
import type { ReactNode } from "react";

interface TextFieldProps {
  readonly label: string;
  readonly value: string;
  /** Takes the new value, or answers in one sentence why it is refused; the draft then stays in the field. */
  readonly commit: (text: string) => string | null;
  readonly hint?: string;
  /** Addresses, ranges, ports: monospaced. */
  readonly mono?: boolean;
  readonly suffix?: ReactNode;
  readonly disabled?: boolean;
}

/**
 * A field with a draft of its own: Enter or leaving it commits, Esc goes back to what holds. A refused draft stays as typed
 * with the reason beneath, and from then on is judged with every letter, so that the reason goes the moment it is mended.
 */
export function TextField({ label, value, commit, hint, mono, suffix, disabled }: TextFieldProps) {
  const id = useId();
  const [draft, setDraft] = useState(value);
  const [error, setError] = useState<string | null>(null);
  const [known, setKnown] = useState(value);
  if (known !== value) {
    setKnown(value);
    setDraft(value);
    setError(null);
  }

  const settle = (text: string) => {
    const trimmed = text.trim();
    if (trimmed === value) {
      setDraft(value);
      setError(null);
      return;
    }
    setError(commit(trimmed));
  };

  return (
    <div className="flex flex-col gap-1">
      <label htmlFor={id} className="text-xs text-muted">{label}</label>
      <div className="relative">
        <input
          id={id}
          value={draft}
          disabled={disabled}
          spellCheck={false}
          autoComplete="off"
          aria-invalid={error !== null}
          aria-describedby={error ?? hint ? `${id}-note` : undefined}
          onChange={(event) => {
            setDraft(event.target.value);
            if (error !== null && event.target.value.trim() === value) setError(null);
          }}
          onBlur={() => settle(draft)}
          onKeyDown={(event) => {
            if (event.key === "Enter") settle(draft);
            if (event.key === "Escape") {
              setDraft(value);
              setError(null);
            }
            // Keys that mean something on the canvas mean text here.
            event.stopPropagation();
          }}
          className={clsx(
            "h-8 w-full rounded-box border bg-surface px-2 text-sm outline-none transition-colors duration-100 disabled:opacity-60",
            mono && "numeric",
            error === null ? "border-line hover:border-line-strong focus:border-accent" : "border-bad",
          )}
        />
        {suffix ? <span className="pointer-events-none absolute inset-y-0 right-2 flex items-center text-xs text-muted">{suffix}</span> : null}
      </div>
      {error !== null
        ? <p id={`${id}-note`} role="alert" className="text-xs text-bad">{error}</p>
        : hint ? <p id={`${id}-note`} className="text-xs text-muted">{hint}</p> : null}
    </div>
  );
}
