"use client";

import { useQuery } from "@tanstack/react-query";
import { useTRPC } from "../../trpc/trpc";
import { JoinClass } from "./join-class";
import { PageBar } from "./page-bar";
import { PasswordForm } from "./password-form";
import { ROLE_WORDS } from "./role-words";
import { SessionList } from "./session-list";

/** What concerns oneself: classes, password, sessions. */
export function AccountPage() {
  const trpc = useTRPC();
  const { data: me } = useQuery(trpc.auth.me.queryOptions());
  const { data: account } = useQuery(trpc.account.get.queryOptions());
  return (
    <div className="min-h-dvh">
      <PageBar />
      <main className="mx-auto flex max-w-2xl flex-col gap-8 px-6 py-8">
        <div>
          <h1 className="text-xl font-semibold">{me?.name ?? "…"}</h1>
          <p className="text-sm text-muted">{me ? ROLE_WORDS[me.role] : ""}</p>
        </div>
        {me && (me.role === "student" || me.role === "viewer") ? <JoinClass /> : null}
        {account ? <PasswordForm account={account} /> : null}
        <SessionList />
      </main>
    </div>
  );
}
