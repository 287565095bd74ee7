"use client";

import { FileDown, Image } from "lucide-react";
import { toast } from "sonner";
import { useEditor } from "../canvas/editor-context";
import { MenuItem, MenuLabel } from "../ui/menu";
import { downloadBlob, downloadText } from "./download-text";
import { EXPORT_FORMATS, SVG_FORMAT } from "./export-formats";
import type { PictureTheme } from "./picture/palette";
import { pngOfSvg } from "./picture/png-of-svg";

/** Everything that the drawing can be taken away as. Pictures are light or dark as the page is. */
export function ExportItems() {
  const { editor } = useEditor();
  const exportPng = async () => {
    const state = editor.getState();
    try {
      downloadBlob(`${state.name}.png`, await pngOfSvg(SVG_FORMAT.text(state, themeOfPage())));
    } catch (thrown) {
      toast.error(thrown instanceof Error ? thrown.message : "The browser could not draw the picture.");
    }
  };
  return (
    <>
      <MenuLabel>Take it away</MenuLabel>
      {EXPORT_FORMATS.map(({ label, ending, type, text }) => (
        <MenuItem
          key={label}
          icon={label === SVG_FORMAT.label ? <Image className="size-4" /> : <FileDown className="size-4" />}
          onSelect={() => {
            const state = editor.getState();
            downloadText(`${state.name}${ending}`, text(state, themeOfPage()), type);
          }}
        >
          {`Export ${label}`}
        </MenuItem>
      ))}
      <MenuItem icon={<Image className="size-4" />} onSelect={() => void exportPng()}>Export PNG picture</MenuItem>
    </>
  );
}

function themeOfPage(): PictureTheme {
  const chosen = document.documentElement.dataset["theme"];
  if (chosen === "light" || chosen === "dark") return chosen;
  return matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
}
