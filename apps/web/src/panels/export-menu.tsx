"use client";

import { FileDown, Image } from "lucide-react";
import { useEditor } from "../canvas/state/editor-context";
import { MenuItem, MenuLabel } from "../ui/menu";
import { downloadText } from "./download-text";
import { EXPORT_FORMATS } from "./export-formats";
import type { PictureFormat } from "./picture/picture-dialog";

const PICTURES: readonly PictureFormat[] = ["SVG", "PNG"];

/** Everything that the drawing can be taken away as; of pictures is asked how they are to look. */
export function ExportItems({ onPicture }: { readonly onPicture: (format: PictureFormat) => void }) {
  const { editor } = useEditor();
  return (
    <>
      <MenuLabel>Take it away</MenuLabel>
      {EXPORT_FORMATS.map(({ label, ending, type, text }) => (
        <MenuItem
          key={label}
          icon={<FileDown className="size-4" />}
          onSelect={() => {
            const state = editor.getState();
            downloadText(`${state.name}${ending}`, text(state), type);
          }}
        >
          {`Export ${label}`}
        </MenuItem>
      ))}
      {PICTURES.map((format) => <MenuItem key={format} icon={<Image className="size-4" />} onSelect={() => onPicture(format)}>{`Export ${format} picture`}</MenuItem>)}
    </>
  );
}
