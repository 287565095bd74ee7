"use client";

import type { ClassInfo } from "@vpclab/shared/wire/people";
import { Plus } from "lucide-react";
import { useState } from "react";
import { useTRPCClient } from "../../trpc/trpc";
import { Button } from "../../ui/button";
import { Dialog } from "../../ui/dialog";
import { ClassCard } from "./class-card";
import { FormField } from "./form-field";
import type { Told } from "./once-told-dialog";
import { Nothing, Panel } from "./panel";
import { useChange } from "./use-change";
import { useForm } from "./use-form";

interface ClassListProps {
  readonly classes: readonly ClassInfo[];
  readonly onTold: (told: Told) => void;
}

export function ClassList({ classes, onTold }: ClassListProps) {
  const [creating, setCreating] = useState(false);
  return (
    <Panel title="Classes" text="Instructors work with the topologies of their students; viewers of a class see them." action={<Button size="sm" onClick={() => setCreating(true)}><Plus className="size-4" aria-hidden />New class</Button>}>
      {classes.length === 0 ? <Nothing>No class yet. Make one, show its code, and students join by themselves.</Nothing> : null}
      <ul aria-label="Classes">{classes.map((one) => <ClassCard key={one.id} one={one} onTold={onTold} />)}</ul>
      <Dialog open={creating} onClose={() => setCreating(false)} title="New class"><ClassForm onDone={() => setCreating(false)} /></Dialog>
    </Panel>
  );
}

function ClassForm({ onDone }: { readonly onDone: () => void }) {
  const client = useTRPCClient();
  const change = useChange();
  const [name, setName] = useState("");
  const form = useForm(async () => {
    await client.class.create.mutate({ name });
    change(() => Promise.resolve());
    onDone();
  });
  return (
    <form method="post" onSubmit={form.submit} className="flex flex-col gap-4">
      <FormField label="Name" value={name} onChange={setName} autoFocus required autoComplete="off" error={form.errorOf("name") ?? form.error} />
      <div className="flex justify-end gap-2"><Button onClick={onDone}>Cancel</Button><Button type="submit" look="primary" disabled={!form.ready}>Create</Button></div>
    </form>
  );
}
