import clsx from "clsx";
import { StateMark } from "../../ui/state-mark";
import { useObjectState } from "../state/editor-context";

/** The small sign of an object's state, with the one-line reason beside it where something is wrong. */
export function ObjectStateMark({ id }: { readonly id: string }) {
  const { state } = useObjectState(id);
  return <StateMark state={state} />;
}

/** The reason in one line for what failed or drifted; nothing otherwise. */
export function ObjectReason({ id }: { readonly id: string }) {
  const { state, reason } = useObjectState(id);
  if (!reason || (state !== "failed" && state !== "drifted")) return null;
  return <span className={clsx("block truncate text-xs", state === "failed" ? "text-bad" : "text-warn")}>{reason}</span>;
}
