"""Instrument words: what a prompt wants to hear or not to hear."""

from __future__ import annotations

from whisul_tui.studio.engine.reading.text import table

# A ban or wish names a family; a wish after a slash also names the instrument that plays it.
INSTRUMENT_WORDS = table("""
drums: drum, drums, drumming, percussion, percussions, beat, beats, kick, snare, hi hats, hihats
bass: bass, bassline, sub bass, bass line
bass/upright bass: upright bass, double bass, walking bass
bass/slap bass: slap bass
bass/808: 808, 808s
bass/synth bass: synth bass
bass/acid: acid bass
bass/reese bass: reese
lead: melody, lead, solo, lead melody
vocals: vocal, vocals, voice, voices, singing, singer, lyrics, rapping, rapper, sung, words
pad: pad, pads
chords: chords
piano/piano: piano, pianos, grand piano
piano/felt piano: felt piano, soft piano
piano/rhodes: keys
piano/harpsichord: harpsichord, clavichord, spinet, cembalo, clavecin
rhodes/rhodes: rhodes, electric piano, wurlitzer, e-piano
organ/organ: organ, hammond
organ/accordion: accordion
guitar/guitar: guitar, guitars
guitar/nylon guitar: nylon guitar, classical guitar, spanish guitar
guitar/steel guitar: acoustic guitar, acoustic guitars, steel guitar
guitar/distorted guitar: electric guitar, electric guitars, distorted guitar, distorted guitars, heavy guitars
guitar/clean guitar: clean guitar
guitar/lead guitar: guitar solo
guitar/ukulele: ukulele
guitar/banjo: banjo
guitar/mandolin: mandolin
guitar/sitar: sitar
strings/strings: strings, string section, violins, orchestra
strings/violin: violin, fiddle, viola
strings/cello: cello, cellos
brass/brass: brass, horns
brass/horn: horn, french horn, trombone, tuba
brass/trumpet: trumpet, trumpets
brass/muted trumpet: muted trumpet
saxophone/saxophone: sax, saxophone, saxophones
clarinet/clarinet: clarinet
flute/flute: flute, flutes, whistle, pan flute
clarinet/oboe: oboe, bagpipes
organ/harmonica: harmonica
choir/choir: choir, choirs, choral
bell/bell: bell, bells, chimes
bell/music box: glockenspiel, celesta, music box
vibraphone/vibraphone: vibraphone, vibes
marimba/marimba: marimba, xylophone
kalimba/kalimba: kalimba
marimba/steel pan: steel drums, steel pan
synth/synth lead: synth, synths, synthesizer, synthesizers
arp/pluck: arpeggio, arpeggios, arp, plucks
synth/supersaw: supersaw, supersaws
harp/harp: harp
harp/koto: koto
""")

# Which family an instrument belongs to beyond its part's role, so that a ban of the family silences it.
FAMILIES = {
    instrument: family
    for family, _, instrument in (meaning.partition("/") for meaning in INSTRUMENT_WORDS.values())
    if instrument
} | table("""
piano: house piano
guitar: distorted guitar 2, muted guitar
strings: low strings, spiccato
bass: soft bass, saw bass, picked bass, drone
brass: synth brass
pad: warm pad, air pad, dark pad, glass pad
synth: synth stab
""")

# The role an instrument takes in a song that does not have it yet.
ROLES = table("""
chords: harpsichord,
    piano, felt piano, rhodes, organ, guitar, nylon guitar, steel guitar, distorted guitar, clean guitar,
    ukulele, brass
lead: accordion, lead guitar, sitar, violin, cello, horn, trumpet, muted trumpet, saxophone, clarinet, flute, oboe,
    harmonica, vibraphone, steel pan, synth lead
arp: banjo, mandolin, bell, music box, marimba, kalimba, pluck, harp, koto
pad: strings, choir, supersaw
bass: upright bass, slap bass, 808, synth bass, acid, reese bass
""")

# Where an instrument is at home when the prompt names no genre.
HOMES = table("""
classical: harpsichord, violin, cello, clarinet, oboe
acoustic: steel guitar, guitar, ukulele, banjo, mandolin, harmonica, accordion, flute
rock: distorted guitar, lead guitar
jazz: saxophone, trumpet, muted trumpet, upright bass, vibraphone
trap: 808
synthwave: synth lead, supersaw, synth bass, pluck
cinematic: strings, choir, horn, brass
funk: slap bass, clean guitar
lofi: rhodes, felt piano, kalimba
pop: piano
ambient: harp, bell, music box
techno: acid
dnb: reese bass
reggae: organ, steel pan
""")
