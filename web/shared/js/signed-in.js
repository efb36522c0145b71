/** Where the second tab of a sign-in ends: it tells the first one and goes. */

import { tellSignedIn } from "./session.js";

tellSignedIn();
close(); // works only in a tab that a script opened; else the page says what to do
