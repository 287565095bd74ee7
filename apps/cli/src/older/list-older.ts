import type { Action } from "../command-spec";
import { SPELLINGS } from "./spellings";

export const listOlder: Action = (session) => {
  const rows = SPELLINGS.map(({ usage, aliases = [], now }) => ({ command: usage.split(" ")[0] ?? "", aliases, today: now }));
  session.out.value(rows);
  session.out.table([{ title: "COMMAND" }, { title: "ALSO" }, { title: "TODAY" }], rows.map(({ command, aliases, today }) => [command, aliases.join(", ") || "-", today]));
  return Promise.resolve();
};
