import { useId } from "react";
import type { ReactNode } from "react";

interface SectionProps {
  readonly title: string;
  /** Right of the title: what can be added. */
  readonly action?: ReactNode;
  readonly children: ReactNode;
}

/** A titled part of a panel. */
export function Section({ title, action, children }: SectionProps) {
  const id = useId();
  return (
    <section aria-labelledby={id} className="flex flex-col gap-1">
      <div className="flex min-h-7 items-center justify-between gap-2">
        <h3 id={id} className="text-xs font-medium text-muted">{title}</h3>
        {action}
      </div>
      {children}
    </section>
  );
}
