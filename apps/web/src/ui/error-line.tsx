import { CircleAlert } from "lucide-react";
import type { ReactNode } from "react";

/** Something went wrong, in one line: what, and what to do. */
export const ErrorLine = ({ children }: { readonly children: ReactNode }) => (
  <p role="alert" className="flex items-start gap-2 rounded-box bg-bad-soft px-3 py-2 text-sm text-bad">
    <CircleAlert className="mt-0.5 size-4 shrink-0" aria-hidden />
    <span>{children}</span>
  </p>
);
