"use client";

import type { Ref } from "react";

interface FileInputProps {
  readonly ref: Ref<HTMLInputElement>;
  readonly onFile: (file: File) => void;
  /** Left away: for a topology. */
  readonly label?: string;
}

/** The browser's file chooser, without its looks. */
export const FileInput = ({ ref, onFile, label = "Topology file" }: FileInputProps) => (
  <input
    ref={ref}
    type="file"
    accept=".json,.yaml,.yml,application/json,application/yaml"
    aria-label={label}
    className="sr-only"
    tabIndex={-1}
    onChange={(event) => {
      const [file] = event.target.files ?? [];
      event.target.value = "";
      if (file) onFile(file);
    }}
  />
);
