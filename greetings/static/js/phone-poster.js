// Keeps the screen awake and takes the buttons away while the poster is held up. The poster itself needs none of it.
import { restAfter, stayAwake } from "./from-afar.js";
import { offerFullScreen } from "./full-screen.js";

offerFullScreen();
stayAwake();
restAfter(5000);
