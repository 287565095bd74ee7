import { kernelNames } from "@vpclab/shared/plan/kernel-names";
import { objectSearch } from "@vpclab/shared/plan/search-objects";
import { subnetType } from "@vpclab/shared/topology/subnet-type";
import { useMemo } from "react";
import { toast } from "sonner";
import { addInstances } from "../../canvas/gestures/add-instances";
import { commandsFor } from "../../canvas/hooks/command";
import type { Command, CommandSection } from "../../canvas/hooks/command";
import { useEditor, useEditorState, useLive, useScene } from "../../canvas/state/editor-context";
import { perform } from "../../canvas/state/editor-store";
import { randomBytes } from "../../canvas/gestures/random-bytes";
import { HOST_ID } from "../../canvas/scene/scene";
import type { ListedKind } from "../kind-icon";
import { useLooksOnly } from "../people/use-looks-only";
import { bulkCommands } from "./bulk-commands";

export interface PaletteRow {
  readonly key: string;
  readonly label: string;
  /** The object that is meant; null: a command. */
  readonly objectId: string | null;
  readonly kind: ListedKind | null;
  readonly isPublic: boolean;
  readonly detail: string;
  readonly why: string | null;
  readonly keys: string | undefined;
  readonly refusal: string | undefined;
  readonly run: () => void;
}
export interface PaletteGroup {
  readonly title: string;
  readonly rows: readonly PaletteRow[];
}

/** Without a text: first what concerns the selection, last the long list of what can be added. */
const OFFERED: readonly CommandSection[] = ["Edit", "Connect", "Arrange", "Host", "View", "Add"];
const OBJECTS_MAX = 12;
const COMMANDS_MAX = 8;

/** What the field's text finds: objects first, then commands. Without a text, everything that can be done, by section. */
export function usePaletteRows(commands: readonly Command[], query: string): readonly PaletteGroup[] {
  const { editor, scene } = useEditor();
  const { document, index } = useScene();
  const looksOnly = useLooksOnly();
  const selection = useEditorState((state) => state.selection);
  const topologyId = useEditorState((state) => state.topologyId);
  const topologyName = useEditorState((state) => state.name);
  const publicAddresses = useLive((live) => live.deployment.publicAddresses);
  const hostName = useLive((live) => live.host?.name ?? null);
  const search = useMemo(
    () => objectSearch(document, kernelNames(document, { topologyId, topologyName }), publicAddresses),
    [document, topologyId, topologyName, publicAddresses],
  );

  return useMemo(() => {
    const add = (subnetId: string, count: number) => {
      const made = addInstances(scene(), subnetId, count, randomBytes);
      if (made.ok) perform(editor, made);
      else toast.error(made.reason);
    };
    if (query.trim() === "") return sectionsOf(commands.filter(({ id, refusal }) => refusal === undefined && id !== "find"));
    const objects = search.find(query, OBJECTS_MAX).map(({ id, kind, name, detail, why }): PaletteRow => {
      const subnet = index.subnetById.get(id);
      return {
        key: id, objectId: id, kind, label: name, detail, why, isPublic: subnet ? subnetType(index, subnet) === "public" : false,
        keys: undefined, refusal: undefined, run: () => undefined,
      };
    });
    const host = isHost(query, hostName) ? [hostRow(hostName)] : [];
    const bulk = looksOnly ? [] : bulkCommands(scene(), selection, query, add);
    const others = bulk.length === 0 ? commands : commands.filter(({ id }) => id !== "add-instances");
    const found = [...bulk, ...commandsFor(others, query)].slice(0, COMMANDS_MAX).map(rowOf);
    return [{ title: "Objects", rows: [...objects, ...host] }, { title: "Commands", rows: found }].filter(({ rows }) => rows.length > 0);
  }, [commands, editor, hostName, index, looksOnly, query, scene, search, selection]);
}

const isHost = (query: string, name: string | null): boolean => {
  const known = `host machine ${name ?? ""}`.toLowerCase();
  return query.toLowerCase().split(/\s+/).filter((word) => word !== "").every((word) => known.includes(word));
};

const hostRow = (name: string | null): PaletteRow => ({
  key: HOST_ID, objectId: HOST_ID, kind: "host", label: name ?? "Host", detail: name === null ? "none yet" : "", why: null, isPublic: false,
  keys: undefined, refusal: undefined, run: () => undefined,
});

const rowOf = ({ id, label, keys, refusal, run }: Command): PaletteRow =>
  ({ key: id, objectId: null, kind: null, isPublic: false, label, detail: "", why: null, keys: keys?.[0], refusal, run });

function sectionsOf(commands: readonly Command[]): readonly PaletteGroup[] {
  const sections = new Map<string, PaletteRow[]>();
  const order = [...commands].sort((a, b) => OFFERED.indexOf(a.section) - OFFERED.indexOf(b.section));
  for (const command of order) sections.set(command.section, [...(sections.get(command.section) ?? []), rowOf(command)]);
  return [...sections].map(([title, rows]) => ({ title, rows }));
}
