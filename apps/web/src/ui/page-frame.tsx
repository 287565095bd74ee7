"use client";

import type { ReactNode } from "react";
import { Toaster } from "sonner";
import { TooltipProvider } from "./tooltip";

/** What every page needs around it: tooltips and short messages. */
export const PageFrame = ({ children }: { readonly children: ReactNode }) => (
  <TooltipProvider>
    {children}
    <Toaster
      position="bottom-center"
      toastOptions={{
        unstyled: true,
        classNames: {
          toast: "flex w-96 items-center gap-3 rounded-box border border-line bg-surface px-4 py-3 text-sm text-text shadow-lifted",
          error: "!border-bad",
          title: "font-normal",
          content: "flex-1",
          actionButton: "shrink-0 rounded-box border border-line px-2 py-1 text-xs hover:bg-raised",
        },
      }}
    />
  </TooltipProvider>
);
