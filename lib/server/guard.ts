import type { Context, MiddlewareHandler } from "hono";
import { getCookie, setCookie } from "hono/cookie";
import { type Access, sameSecret } from "./access.js";
import { plainPage } from "./plain-page.js";

/** Requests that may come without the cookie: they are how one gets it. */
const openPaths = new Set(["/login"]);

/**
 * Checks every request before anything else sees it, in this order: the Host (against DNS rebinding), the Origin and
 * fetch metadata (against other sites, including other ports of this machine), then the cookie.
 */
export function guard(access: Access): MiddlewareHandler {
  return async (context, next) => {
    const host = context.req.header("host") ?? "";
    if (!access.hosts.has(host.toLowerCase())) {
      return refuse(context, "This address is not the course's own.", "Open the address that the command printed.");
    }
    const origin = context.req.header("origin");
    if (origin !== undefined && !access.origins.has(origin)) {
      return refuse(context, "Another site asked for this.", "Only the course's own page may talk to its server.");
    }
    const changes = context.req.method !== "GET" && context.req.method !== "HEAD";
    const site = context.req.header("sec-fetch-site");
    if (changes && origin === undefined && site !== "same-origin") {
      return refuse(context, "This request does not say which page it comes from.", "Use the course's page.");
    }
    if ((site === "cross-site" || site === "same-site") && context.req.header("sec-fetch-mode") !== "navigate") {
      return refuse(context, "Another site asked for this.", "Only the course's own page may talk to its server.");
    }
    const offered = context.req.query("token");
    if (offered !== undefined && !changes) return enter(context, access, offered);
    if (openPaths.has(context.req.path)) return next();
    if (!sameSecret(access.cookieValue, getCookie(context, access.cookieName) ?? "")) {
      if (access.password !== undefined && wantsPage(context)) return context.redirect("/login", 303);
      return refuse(
        context,
        "This tab is not signed in.",
        "Open the address that `highwater learn` printed in the terminal: it carries the key.",
      );
    }
    return next();
  };
}

function enter(context: Context, access: Access, offered: string): Response {
  if (access.password !== undefined || !sameSecret(access.token, offered)) {
    return refuse(
      context,
      "The key in this address is not right.",
      "Copy the whole address from the terminal, or start the course again to have it printed.",
    );
  }
  grantCookie(context, access);
  const address = new URL(context.req.url);
  address.searchParams.delete("token");
  return context.redirect(`${address.pathname}${address.search}`, 303);
}

export function grantCookie(context: Context, access: Access): void {
  setCookie(context, access.cookieName, access.cookieValue, {
    httpOnly: true,
    sameSite: "Strict",
    path: "/",
    maxAge: 60 * 60 * 24 * 90,
  });
}

function wantsPage(context: Context): boolean {
  return context.req.method === "GET" && (context.req.header("accept") ?? "").includes("text/html");
}

/** Answers in the form the asker can show: a page for people, JSON for the page's own requests. */
function refuse(context: Context, what: string, remedy: string): Response {
  if (wantsPage(context)) return context.html(plainPage(what, remedy), 403);
  return context.json({ error: { message: `${what} ${remedy}` } }, 403);
}
