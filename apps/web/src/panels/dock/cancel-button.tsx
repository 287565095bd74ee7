"use client";

import { Button } from "../../ui/button";
import { useCancel } from "../use-cancel";

/** Ends the apply that runs: the host ends the step that it is at and begins no further one. Shown as long as one runs. */
export function CancelButton() {
  const { answer, cancel } = useCancel();
  const words = answer === null ? "Cancel" : answer === "waiting" ? "Stops when the host is back" : "Stopping after this step";
  return <Button size="sm" disabled={answer !== null} title="What is done stays; the next apply goes on" onClick={cancel}>{words}</Button>;
}
