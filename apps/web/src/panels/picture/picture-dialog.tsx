"use client";

import { useState } from "react";
import type { ReactNode } from "react";
import { toast } from "sonner";
import { useEditor } from "../../canvas/state/editor-context";
import { sceneOf } from "../../canvas/scene/scene";
import { Button } from "../../ui/button";
import { Dialog } from "../../ui/dialog";
import { Segmented } from "../../ui/segmented";
import { themeOnScreen } from "../../ui/theme";
import { downloadBlob, downloadText } from "../download-text";
import { onPage } from "./page-size";
import { PALETTES, type PictureTheme } from "./palette";
import { pngOfSvg } from "./png-of-svg";
import { sceneSvg, viewOf } from "./scene-svg";

export type PictureFormat = "SVG" | "PNG";

interface PictureDialogProps {
  /** null: closed. */
  readonly format: PictureFormat | null;
  readonly onClose: () => void;
}

/** How the drawing is to look as a picture: for a screen, or for a document. */
export function PictureDialog({ format, onClose }: PictureDialogProps) {
  return (
    <Dialog open={format !== null} onClose={onClose} title={`Export as ${format ?? ""} picture`} description="In full detail, with nothing selected.">
      {format === null ? null : <Choices format={format} onClose={onClose} />}
    </Dialog>
  );
}

function Choices({ format, onClose }: { readonly format: PictureFormat; readonly onClose: () => void }) {
  const { editor } = useEditor();
  const [theme, setTheme] = useState<PictureTheme>(themeOnScreen);
  const [paper, setPaper] = useState<"canvas" | "none">("canvas");
  const [size, setSize] = useState<"drawn" | "page">("drawn");
  const take = async () => {
    const { name, document, layout } = editor.getState();
    const scene = sceneOf(document, layout);
    const onPaper = size === "page" ? onPage(viewOf(scene)) : null;
    const svg = (paperSize: typeof onPaper) => sceneSvg(scene, name, PALETTES[theme], { background: paper === "canvas", paper: paperSize });
    try {
      if (format === "SVG") downloadText(`${name}.svg`, svg(onPaper), "image/svg+xml");
      else downloadBlob(`${name}.png`, await pngOfSvg(svg(null), onPaper?.width ?? null));
      onClose();
    } catch (thrown) {
      toast.error(thrown instanceof Error ? thrown.message : "The browser could not draw the picture.");
    }
  };
  return (
    <form
      className="flex flex-col gap-3"
      onSubmit={(event) => {
        event.preventDefault();
        void take();
      }}
    >
      <Labelled text="Colours"><Segmented label="Colours" value={theme} options={[{ value: "light", label: "Light" }, { value: "dark", label: "Dark" }]} onChange={setTheme} /></Labelled>
      <Labelled text="Background"><Segmented label="Background" value={paper} options={[{ value: "canvas", label: "As on the canvas" }, { value: "none", label: "None, the document’s own" }]} onChange={setPaper} /></Labelled>
      <Labelled text="Size"><Segmented label="Size" value={size} options={[{ value: "drawn", label: "As drawn" }, { value: "page", label: "Fits an A4 page" }]} onChange={setSize} /></Labelled>
      <div className="mt-2 flex justify-end gap-2">
        <Button onClick={onClose}>Cancel</Button>
        <Button type="submit" look="primary">Export</Button>
      </div>
    </form>
  );
}

const Labelled = ({ text, children }: { readonly text: string; readonly children: ReactNode }) => (
  <div className="flex flex-col gap-1"><span className="text-xs text-muted">{text}</span>{children}</div>
);
