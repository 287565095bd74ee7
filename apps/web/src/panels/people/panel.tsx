import { useId } from "react";
import type { ReactNode } from "react";

interface PanelProps {
  readonly title: string;
  readonly text?: string;
  readonly action?: ReactNode;
  readonly children: ReactNode;
}

/** A titled part of a page. */
export function Panel({ title, text, action, children }: PanelProps) {
  const id = useId();
  return (
    <section aria-labelledby={id}>
      <div className="mb-3 flex min-h-8 items-end justify-between gap-4">
        <div>
          <h2 id={id} className="text-lg font-semibold">{title}</h2>
          {text ? <p className="text-sm text-muted">{text}</p> : null}
        </div>
        {action}
      </div>
      <div className="rounded-box border border-line bg-surface">{children}</div>
    </section>
  );
}

/** What stands in a panel that has nothing yet. */
export const Nothing = ({ children }: { readonly children: string }) => <p className="px-4 py-6 text-center text-sm text-muted">{children}</p>;
