import { Hono } from "hono";
import { type Access, sameSecret } from "../access.js";
import { grantCookie } from "../guard.js";
import { plainPage } from "../plain-page.js";

/** After this many wrong passwords in a row, each further try waits. */
const freeTries = 5;
const waitMs = 2_000;

/** The sign-in form, which exists only when the server listens beyond loopback. */
export function loginRoutes(access: Access): Hono {
  let wrong = 0;
  const form =
    '<form method="post" action="/login"><label for="password">Password</label><input id="password" name="password" type="password" autocomplete="current-password" required autofocus><button>Sign in</button></form>';
  const routes = new Hono();
  routes.get("/", (context) => {
    if (access.password === undefined) return context.notFound();
    return context.html(plainPage("Sign in", "Whoever started this course server has the password.", form));
  });
  routes.post("/", async (context) => {
    const { password } = access;
    if (password === undefined) return context.notFound();
    if (wrong >= freeTries) await new Promise((resolve) => setTimeout(resolve, waitMs));
    const given = (await context.req.parseBody()).password;
    if (typeof given !== "string" || !sameSecret(password, given)) {
      wrong += 1;
      return context.html(plainPage("Sign in", "This password is not right. Try again.", form), 403);
    }
    wrong = 0;
    grantCookie(context, access);
    return context.redirect("/", 303);
  });
  return routes;
}
