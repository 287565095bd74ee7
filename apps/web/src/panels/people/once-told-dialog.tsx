"use client";

import { Button } from "../../ui/button";
import { CopyButton } from "../../ui/copy-button";
import { Dialog } from "../../ui/dialog";

export interface Told {
  readonly title: string;
  readonly text: string;
  readonly secret: string;
  /** Short enough to be read aloud: shown large. */
  readonly large?: boolean;
}

/** A link or a code that the server does not know how to say again. */
export const OnceToldDialog = ({ told, onClose }: { readonly told: Told | null; readonly onClose: () => void }) => (
  <Dialog open={told !== null} onClose={onClose} title={told?.title ?? ""} description={told?.text}>
    <div className="flex items-center gap-2 rounded-box border border-line bg-raised py-2 pr-2 pl-3">
      <output aria-label={told?.title} className={`numeric min-w-0 flex-1 break-all ${told?.large ? "py-3 text-center text-xl tracking-wider" : "text-sm"}`}>{told?.secret}</output>
      <CopyButton text={told?.secret ?? ""} label="Copy" />
    </div>
    <div className="mt-5 flex justify-end"><Button onClick={onClose}>Close</Button></div>
  </Dialog>
);
