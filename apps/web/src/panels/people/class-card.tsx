"use client";

import type { ClassInfo } from "@vpclab/shared/wire/people";
import { Trash2, X } from "lucide-react";
import { useState } from "react";
import { useTRPCClient } from "../../trpc/trpc";
import { Button } from "../../ui/button";
import { ConfirmDialog } from "../../ui/dialog";
import { IconButton } from "../../ui/icon-button";
import { countOf } from "../../canvas/scene/object-counts";
import type { Told } from "./once-told-dialog";
import { useChange } from "./use-change";

/** One class: its members and the code by which they join. */
export function ClassCard({ one, onTold }: { readonly one: ClassInfo; readonly onTold: (told: Told) => void }) {
  const client = useTRPCClient();
  const change = useChange();
  const [deleting, setDeleting] = useState(false);
  const { id, name, joinCodeExpiresAt } = one;
  const showCode = () => change(async () => {
    const { token } = await client.class.renewCode.mutate({ id });
    onTold({ title: `Code for ${name}`, text: `Students open ${window.location.host}/join and type it. It works for a week; a new code replaces it.`, secret: token, large: true });
  });
  return (
    <li aria-label={name} className="border-b border-line px-4 py-3 last:border-b-0">
      <div className="flex min-h-8 items-center gap-3">
        <span className="font-medium">{name}</span>
        <span className="text-sm text-muted">{one.instructor}</span>
        <div className="ml-auto flex items-center gap-2">
          {joinCodeExpiresAt === null ? null : (
            <>
              <span className="text-xs text-muted">{`code works until ${new Date(joinCodeExpiresAt).toLocaleDateString()}`}</span>
              <Button size="sm" look="quiet" onClick={() => change(() => client.class.withdrawCode.mutate({ id }))}>Withdraw code</Button>
            </>
          )}
          <Button size="sm" onClick={showCode}>{joinCodeExpiresAt === null ? "Join code" : "New code"}</Button>
          <IconButton label={`Delete ${name}`} icon={<Trash2 className="size-4" />} onClick={() => setDeleting(true)} />
        </div>
      </div>
      <ul aria-label={`Members of ${name}`} className="mt-2 flex flex-wrap gap-1.5">
        {one.members.map((member) => (
          <li key={member.id} className="flex items-center gap-1 rounded-full border border-line py-0.5 pr-1 pl-2.5 text-xs">
            {member.name}{member.role === "viewer" ? <span className="text-muted">viewer</span> : null}
            <button type="button" aria-label={`Remove ${member.name}`} title="Remove from the class" className="flex size-5 items-center justify-center rounded-full text-muted hover:bg-raised hover:text-bad" onClick={() => change(() => client.class.removeMember.mutate({ id, userId: member.id }))}><X className="size-3" /></button>
          </li>
        ))}
        {one.members.length === 0 ? <li className="text-xs text-muted">Nobody has joined yet.</li> : null}
      </ul>
      <ConfirmDialog open={deleting} onClose={() => setDeleting(false)} title={`Delete ${name}?`} action="Delete" onConfirm={() => change(() => client.class.remove.mutate({ id }))}>
        {`${countOf(one.members.length, "member")} ${one.members.length === 1 ? "leaves" : "leave"} the class and ${one.members.length === 1 ? "keeps the account and its" : "keep their accounts and"} topologies.`}
      </ConfirmDialog>
    </li>
  );
}
