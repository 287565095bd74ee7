"use client";

import type { Me, Role } from "@vpclab/shared/wire/api";
import { ROLES } from "@vpclab/shared/wire/api";
import type { ClassInfo, InvitationInfo } from "@vpclab/shared/wire/people";
import { useState } from "react";
import { useTRPCClient } from "../../trpc/trpc";
import { Button } from "../../ui/button";
import { SelectField } from "../../ui/select-field";
import type { Told } from "./once-told-dialog";
import { Nothing, Panel } from "./panel";
import { ROLE_WORDS } from "./role-words";
import { useChange } from "./use-change";

interface InvitationListProps {
  readonly me: Me;
  readonly invitations: readonly InvitationInfo[];
  readonly classes: readonly ClassInfo[];
  readonly onTold: (told: Told) => void;
}

const isLearner = (role: Role): boolean => role === "student" || role === "viewer";

/** One-time links for new accounts. */
export function InvitationList({ me, invitations, classes, onTold }: InvitationListProps) {
  const client = useTRPCClient();
  const change = useChange();
  const isAdmin = me.role === "admin";
  const [role, setRole] = useState<Role>("student");
  const [chosen, setChosen] = useState<string | null>(null);
  const classId = isLearner(role) ? (chosen ?? classes[0]?.id ?? "") : "";
  const options = [...classes.map(({ id, name }) => ({ value: id, label: name })), ...(isAdmin || classes.length === 0 ? [{ value: "", label: "No class" }] : [])];
  const invite = () => change(async () => {
    const { token } = await client.invitation.create.mutate({ role, classId: classId || null });
    onTold({ title: `Invitation: ${ROLE_WORDS[role]}`, text: "It makes one account and works for a week.", secret: `${window.location.origin}/join#${token}` });
  });
  return (
    <Panel title="Invitations" text="A link makes one account. For a whole class a join code is less work.">
      <div className="flex flex-wrap items-end gap-3 border-b border-line p-4">
        <div className="w-40"><SelectField label="Role" value={role} onChange={(value) => setRole(value as Role)} options={ROLES.filter((one) => isAdmin || isLearner(one)).map((value) => ({ value, label: ROLE_WORDS[value] }))} /></div>
        {isLearner(role) ? <div className="w-56"><SelectField label="Class" value={classId} onChange={setChosen} options={options} /></div> : null}
        <Button look="primary" disabled={!isAdmin && classId === ""} title={!isAdmin && classId === "" ? "Make a class first" : undefined} onClick={invite}>Make a link</Button>
      </div>
      {invitations.length === 0 ? <Nothing>No invitation is open.</Nothing> : null}
      <ul aria-label="Invitations">
        {invitations.map((invitation) => (
          <li key={invitation.id} className="flex h-11 items-center gap-3 border-b border-line px-4 text-sm last:border-b-0">
            <span className="font-medium">{ROLE_WORDS[invitation.role]}</span>
            <span className="text-muted">{[invitation.className, `by ${invitation.createdBy}`, `until ${new Date(invitation.expiresAt).toLocaleDateString()}`].filter(Boolean).join(" · ")}</span>
            <Button size="sm" look="quiet" className="ml-auto" onClick={() => change(() => client.invitation.withdraw.mutate({ id: invitation.id }))}>Withdraw</Button>
          </li>
        ))}
      </ul>
    </Panel>
  );
}
