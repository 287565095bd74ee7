"use client";

import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTRPC } from "../../trpc/trpc";
import { ErrorLine } from "../../ui/error-line";
import { failureOf } from "../call-failure";
import { ClassList } from "./class-list";
import { InvitationList } from "./invitation-list";
import { OnceToldDialog } from "./once-told-dialog";
import type { Told } from "./once-told-dialog";
import { PageBar } from "./page-bar";
import { UserTable } from "./user-table";

/** Accounts, classes and invitations, as far as they are one's own to manage. */
export function PeoplePage() {
  const trpc = useTRPC();
  const { data: me } = useQuery(trpc.auth.me.queryOptions());
  const { data: users, error } = useQuery(trpc.user.list.queryOptions());
  const { data: classes = [] } = useQuery(trpc.class.list.queryOptions());
  const { data: invitations = [] } = useQuery(trpc.invitation.list.queryOptions());
  const [told, setTold] = useState<Told | null>(null);
  return (
    <div className="min-h-dvh">
      <PageBar />
      <main className="mx-auto flex max-w-5xl flex-col gap-8 px-6 py-8">
        <h1 className="text-xl font-semibold">People</h1>
        {error ? <ErrorLine>{failureOf(error).message}</ErrorLine> : null}
        {me && users ? (
          <>
            <UserTable me={me} users={users} onTold={setTold} />
            <ClassList classes={classes.filter(({ mine }) => mine)} onTold={setTold} />
            <InvitationList me={me} invitations={invitations} classes={classes.filter(({ mine }) => mine)} onTold={setTold} />
          </>
        ) : null}
      </main>
      <OnceToldDialog told={told} onClose={() => setTold(null)} />
    </div>
  );
}
