"use client";

import type { Me, Role } from "@vpclab/shared/wire/api";
import { ROLES } from "@vpclab/shared/wire/api";
import type { UserInfo } from "@vpclab/shared/wire/people";
import { KeyRound, MoreHorizontal, Trash2, UserCheck, UserX } from "lucide-react";
import { useState } from "react";
import { useTRPCClient } from "../../trpc/trpc";
import { ConfirmDialog } from "../../ui/dialog";
import { formatAgo } from "../../ui/format-ago";
import { Menu, MenuItem, MenuSeparator } from "../../ui/menu";
import type { Told } from "./once-told-dialog";
import { Panel } from "./panel";
import { ROLE_WORDS } from "./role-words";
import { useChange } from "./use-change";

interface UserTableProps {
  readonly me: Me;
  readonly users: readonly UserInfo[];
  readonly onTold: (told: Told) => void;
}

export function UserTable({ me, users, onTold }: UserTableProps) {
  const client = useTRPCClient();
  const change = useChange();
  const [deleting, setDeleting] = useState<UserInfo | null>(null);
  const [now] = useState(() => Date.now());
  const isAdmin = me.role === "admin";
  const mintLink = (user: UserInfo) => change(async () => {
    const { token } = await client.user.mintSignInLink.mutate({ id: user.id });
    onTold({ title: `Sign-in link for ${user.name}`, text: "It works once, for half an hour, and lets its owner choose a new password.", secret: `${window.location.origin}/signin?token=${token}` });
  });
  return (
    <Panel title="Accounts">
      <table className="w-full text-sm">
        <thead>
          <tr className="border-b border-line text-left text-xs text-muted">
            {["Name", "Role", "Classes", "Topologies", "Last seen"].map((title) => <th key={title} scope="col" className="px-4 py-2 font-medium">{title}</th>)}
            <th scope="col" className="w-12"><span className="sr-only">Actions</span></th>
          </tr>
        </thead>
        <tbody>
          {users.map((user) => (
            <tr key={user.id} aria-label={user.name} className="h-11 border-b border-line last:border-b-0">
              <td className="px-4"><span className={user.disabled ? "text-muted line-through" : "font-medium"}>{user.name}</span>{user.disabled ? <span className="ml-2 text-xs text-bad">disabled</span> : user.id === me.id ? <span className="ml-2 text-xs text-muted">you</span> : null}</td>
              <td className="px-4">{isAdmin ? <RoleSelect user={user} onChange={(role) => change(() => client.user.setRole.mutate({ id: user.id, role }))} /> : ROLE_WORDS[user.role]}</td>
              <td className="px-4 text-muted">{user.classes.map(({ name }) => name).join(", ") || "–"}</td>
              <td className="numeric px-4 text-muted">{user.topologies}</td>
              <td className="px-4 text-muted">{user.lastSeenAt === null ? "–" : formatAgo(Date.parse(user.lastSeenAt), now)}</td>
              <td className="pr-2">
                {user.id === me.id ? null : (
                  <Menu align="end" trigger={<button type="button" aria-label={`Actions for ${user.name}`} className="flex size-8 items-center justify-center rounded-box text-muted hover:bg-raised"><MoreHorizontal className="size-4" /></button>}>
                    <MenuItem icon={<KeyRound className="size-4" />} disabled={user.disabled} onSelect={() => mintLink(user)}>Sign-in link</MenuItem>
                    {isAdmin ? (
                      <>
                        <MenuItem icon={user.disabled ? <UserCheck className="size-4" /> : <UserX className="size-4" />} onSelect={() => change(() => client.user.setDisabled.mutate({ id: user.id, disabled: !user.disabled }))}>{user.disabled ? "Enable" : "Disable"}</MenuItem>
                        <MenuSeparator />
                        <MenuItem danger icon={<Trash2 className="size-4" />} onSelect={() => setDeleting(user)}>Delete</MenuItem>
                      </>
                    ) : null}
                  </Menu>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <ConfirmDialog
        open={deleting !== null} onClose={() => setDeleting(null)} title={`Delete ${deleting?.name ?? ""}?`} action="Delete"
        onConfirm={() => deleting && change(() => client.user.remove.mutate({ id: deleting.id }))}
      >
        {deleting ? `The account ends at once, with all its sessions. ${countOfTopologies(deleting.topologies)} to the instructor of its class, or to you.` : ""}
      </ConfirmDialog>
    </Panel>
  );
}

const countOfTopologies = (count: number): string => (count === 1 ? "Its topology goes" : `Its ${count} topologies go`);

const RoleSelect = ({ user, onChange }: { readonly user: UserInfo; readonly onChange: (role: Role) => void }) => (
  <select aria-label={`Role of ${user.name}`} value={user.role} onChange={(event) => onChange(event.target.value as Role)} className="h-8 rounded-box border border-line bg-surface px-1.5 hover:border-line-strong">
    {ROLES.map((role) => <option key={role} value={role}>{ROLE_WORDS[role]}</option>)}
  </select>
);
