import type { Command } from "../../canvas/hooks/command";

/** A command before it has its section; without an id of its own it goes by section and label. */
export type Draft = Omit<Command, "section" | "id"> & { readonly id?: string };
