"use client";

import { roomInSubnet } from "@vpclab/shared/topology/new-instances";
import { useId, useState } from "react";
import { addInstances } from "../../canvas/gestures/add-instances";
import { useEditor, useEditorState, useGesture } from "../../canvas/state/editor-context";
import { perform } from "../../canvas/state/editor-store";
import { randomBytes } from "../../canvas/gestures/random-bytes";
import { Button } from "../../ui/button";
import { Dialog } from "../../ui/dialog";

/** Asks how many instances a subnet shall get; the error stands beneath the field and nothing is added. */
export function InstancesDialog() {
  const { gestures } = useEditor();
  const overlay = useGesture((state) => state.overlay);
  const subnetId = overlay?.kind === "instances" ? overlay.subnetId : null;
  const name = useEditorState(({ document }) => document.subnets.find(({ id }) => id === subnetId)?.name);
  const close = () => gestures.setState({ overlay: null });
  return (
    <Dialog open={subnetId !== null} onClose={close} title={`Add instances to ${name ?? "the subnet"}`} description="Names and addresses are filled in. They get the VPC’s default security group.">
      {subnetId === null ? null : <CountForm subnetId={subnetId} close={close} />}
    </Dialog>
  );
}

function CountForm({ subnetId, close }: { readonly subnetId: string; readonly close: () => void }) {
  const id = useId();
  const { editor, scene } = useEditor();
  const room = useEditorState(({ document }) => roomInSubnet(document, subnetId));
  const [count, setCount] = useState("10");
  const [error, setError] = useState<string | null>(null);
  const submit = () => {
    const made = addInstances(scene(), subnetId, Number(count), randomBytes);
    if (!made.ok) {
      setError(made.reason);
      return;
    }
    perform(editor, made);
    close();
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <label htmlFor={id} className="text-xs text-muted">{`How many (room for ${room})`}</label>
      <input
        id={id}
        inputMode="numeric"
        autoFocus
        autoComplete="off"
        value={count}
        aria-invalid={error !== null}
        aria-describedby={error === null ? undefined : `${id}-error`}
        onFocus={(event) => event.target.select()}
        onChange={(event) => {
          setCount(event.target.value);
          setError(null);
        }}
        className={`numeric mt-1 h-9 w-full rounded-box border bg-surface px-2.5 outline-none ${error === null ? "border-line focus:border-accent" : "border-bad"}`}
      />
      {error === null ? null : <p id={`${id}-error`} role="alert" className="mt-1 text-xs text-bad">{error}</p>}
      <div className="mt-5 flex justify-end gap-2">
        <Button onClick={close}>Cancel</Button>
        <Button type="submit" look="primary">Add</Button>
      </div>
    </form>
  );
}
