"use client";

import type { Ref } from "react";

/** The browser's file chooser, without its looks. */
export const FileInput = ({ ref, onFile }: { readonly ref: Ref<HTMLInputElement>; readonly onFile: (file: File) => void }) => (
  <input
    ref={ref}
    type="file"
    accept=".json,application/json"
    aria-label="Topology file"
    className="sr-only"
    tabIndex={-1}
    onChange={(event) => {
      const [file] = event.target.files ?? [];
      event.target.value = "";
      if (file) onFile(file);
    }}
  />
);
