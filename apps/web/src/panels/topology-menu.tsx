"use client";

import { ChevronDown, Copy, List, Pencil } from "lucide-react";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { toast } from "sonner";
import { useEditor, useEditorState } from "../canvas/state/editor-context";
import { Menu, MenuItem, MenuSeparator } from "../ui/menu";
import { ExportItems } from "./export-menu";
import { useLooksOnly } from "./people/use-looks-only";
import { NameDialog } from "./name-dialog";
import { PictureDialog } from "./picture/picture-dialog";
import type { PictureFormat } from "./picture/picture-dialog";

/** The topology's name and what can be done with it as a whole. */
export function TopologyMenu() {
  const { editor, api, autosave } = useEditor();
  const router = useRouter();
  const name = useEditorState((state) => state.name);
  const looksOnly = useLooksOnly();
  const [naming, setNaming] = useState<"rename" | "duplicate" | null>(null);

  const [picture, setPicture] = useState<PictureFormat | null>(null);

  const submit = async (next: string): Promise<string | null> => {
    try {
      if (naming === "rename") {
        await api.rename(next);
        editor.setState({ name: next });
      } else {
        await autosave.flush();
        const { document, layout } = editor.getState();
        const copy = await api.importCopy(next, document, layout);
        toast.success(`Copied to ${next}`, { action: { label: "Open", onClick: () => router.push(`/t/${copy.id}`) } });
      }
      return null;
    } catch (thrown) {
      return api.failureOf(thrown).message;
    }
  };

  return (
    <>
      <Menu
        trigger={
          <button type="button" aria-label={`Topology ${name}`} className="flex h-8 max-w-64 items-center gap-1.5 rounded-box px-2 font-medium hover:bg-raised">
            <span className="truncate">{name}</span>
            <ChevronDown className="size-4 shrink-0 text-muted" aria-hidden />
          </button>
        }
      >
        <MenuItem icon={<Pencil className="size-4" />} disabled={looksOnly} onSelect={() => setNaming("rename")}>Rename</MenuItem>
        <MenuItem icon={<Copy className="size-4" />} disabled={looksOnly} onSelect={() => setNaming("duplicate")}>Duplicate</MenuItem>
        <MenuSeparator />
        <ExportItems onPicture={setPicture} />
        <MenuSeparator />
        <MenuItem icon={<List className="size-4" />} onSelect={() => router.push("/")}>All topologies</MenuItem>
      </Menu>
      <PictureDialog format={picture} onClose={() => setPicture(null)} />
      <NameDialog
        open={naming !== null}
        onClose={() => setNaming(null)}
        title={naming === "rename" ? "Rename topology" : "Duplicate topology"}
        action={naming === "rename" ? "Rename" : "Duplicate"}
        initial={naming === "rename" ? name : `${name}-copy`}
        submit={submit}
      />
    </>
  );
}
