import { editBetween } from "./edit-between";
import type { EditCommand, SingleCommand } from "./edit-command";
import type { Topology } from "./topology";

/** What changes nothing: the inverse of an edit that changed nothing. */
const NOTHING: SingleCommand = { op: "settings", set: {} };

/** The command that takes `after`, to which an edit led, back to `before`. */
export const inverseOf = (before: Topology, after: Topology): EditCommand => editBetween(after, before) ?? NOTHING;
