// The sentences that scripts say: they stand in the page, in its language, on one element, as data attributes.

export class Words {
  constructor(place, speaker) {
    this.sentences = place.dataset;
    this.speaker = speaker; // a live region
  }

  text(name) {
    return this.sentences[name.replace(/-(\w)/g, (_match, letter) => letter.toUpperCase())];
  }

  fill(name, facts) {
    return this.text(name).replace(/\{(\w+)\}/g, (_match, fact) => facts[fact]);
  }

  // Said to those who can't see what has just changed.
  say(sentence) {
    clearTimeout(this.later);
    this.speaker.textContent = sentence;
  }

  // After a pause, unless something else is said first; `find` gives the sentence, or nothing.
  sayLater(find, pauseMs) {
    clearTimeout(this.later);
    this.later = setTimeout(() => {
      const sentence = find();
      if (sentence) this.say(sentence);
    }, pauseMs);
  }
}
