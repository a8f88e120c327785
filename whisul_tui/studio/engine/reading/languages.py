"""Genre, mood and instrument words in Spanish, German, French, Portuguese, Chinese and Japanese.

Words that are the same in English stand in the English tables alone. Adjectives are given as stems (`alegr*`).
"""

from __future__ import annotations

from whisul_tui.studio.engine.reading.text import table

GENRES = table("""
house: electrónica, música electrónica, elektronische musik, elektronisch*, musique électronique, électro,
    électronique, eletrônica, música eletrônica, discoteca, 电子, 電子, 舞曲, 浩室, ハウス, エレクトロ, ダンス,
    电子音乐
techno: 铁克诺, 科技舞曲, テクノ, トランス, industriel
jazz: 爵士, ジャズ, jazzig, sambas, 波萨诺瓦, ボサノバ, スウィング
rock: roca, rockmusik, 摇滚, 搖滾, 金属, 金屬, 朋克, ロック, メタル, パンク
pop: canción pop, popmusik, popsong, 流行, ポップ*, Ｊポップ, variété
classical: clásic*, klassik, klassisch*, classique*, clássic*, walzer, valse, vals, valsa, 古典, 圆舞曲, 华尔兹,
    クラシック, ワルツ
acoustic: acústic*, akustisch*, acoustique*, folclor*, folclór*, volksmusik, volkslied, campfeuer, 民谣, 民謠, 原声,
    乡村, アコースティック, フォーク, カントリー
cinematic: cinematográfic*, orquesta*, filmmusik, orchestermusik, orchester, orchestral*, cinématique,
    cinématographique, musique de film, trilha sonora, orquestral, banda sonora, 电影, 電影, 史诗, 管弦乐, 配乐,
    映画, オーケストラ, サントラ, 交响
ambient: ambiental, ambiente, meditación, einschlaf*, schlafmusik, méditation, meditação, 氛围, 氛圍, 冥想,
    环境音乐, アンビエント, 瞑想, 環境音楽, dormir, schlaf
trap: hiphop, 嘻哈, 说唱, 陷阱, ヒップホップ, ラップ, トラップ
lofi: 低保真, ローファイ
reggae: 雷鬼, レゲエ, 雷盖
funk: funkig, 放克, 迪斯科, ファンク, ディスコ
chiptune: videojuego*, videospiel*, jeu vidéo, videogame, 8位, 八位, 芯片音乐, ゲーム音楽, チップチューン, ゲーム,
    8ビット, 8 bits, 游戏
synthwave: 合成器浪潮, シンセウェイブ, 蒸汽波
dnb: 鼓打贝斯, ドラムンベース
""")

MOODS = table("""
happy: alegr*, feliz, felices, fröhlich*, glücklich*, heiter*, lustig*, joyeu*, heureu*, gai, gaie, contente, 快乐,
    快樂, 欢快, 歡快, 开心, 高兴, 愉快, 明るい, 楽しい, 嬉しい, 陽気, ハッピー
sad: trist*, melancólic*, melanchol*, mélancol*, traurig*, melanc*, 悲伤, 悲傷, 伤感, 忧伤, 難過, 难过, 悲しい,
    哀しい, 切ない, 寂しい
calm: tranquil*, calm*, relajad*, relajante, suave, ruhig*, sanft*, entspann*, gemütlich*, paisibl*, doux, douce,
    apaisant*, reposant*, relaxante, serena, sereno, 平静, 安静, 安靜, 宁静, 轻松, 放松, 舒缓, 静かな, 静か, 穏やか,
    落ち着いた, リラックス, 癒し
dark: oscur*, sombri*, dunkel, dunkle*, dunkler, düster*, finster*, sombre*, obscur*, escur*, 黑暗, 阴暗, 暗黑,
    暗い, ダーク
epic: épic*, heroic*, episch*, heldenhaft*, gewaltig*, épique*, héroïque*, heróic*, 史诗般, 壮丽, 雄壮, 壮大,
    勇ましい, エピック
energetic: enérgic*, energisch*, energiegeladen*, treibend*, énergique*, dynamique*, animad*, 激昂, 充满活力,
    有活力, 动感, 元気, エネルギッシュ, ノリノリ
aggressive: agresiv*, furios*, aggressiv*, wütend*, agressi*, furieu*, hart, harte*, harter, rabios*, 愤怒, 激烈,
    狂暴, 激しい, 怒り, 攻撃的
romantic: romántic*, amor, romantisch*, liebe, romantique*, amour, romântic*, 浪漫, 爱情, 愛, ロマンチック,
    ロマンティック, 恋
nostalgic: nostálgic*, nostalgisch*, nostalgique*, 怀旧, 懷舊, 懐かしい, ノスタルジック
mysterious: misterios*, geheimnisvoll*, mystérieu*, unheimlich*, 神秘, ミステリアス, 不思議, 神秘的
dreamy: soñador*, ensoñador*, verträumt*, traumhaft*, rêveu*, onirique*, sonhador*, 梦幻, 夢幻, 夢のような,
    ドリーミー, 幻想的
playful: juguetón*, divertid*, verspielt*, ludique*, espiègle*, brincalh*, 俏皮, 可爱, かわいい, 可愛い, 遊び心
hopeful: esperanz*, hoffnungsvoll*, espoir, optimist*, esperançe*, inspirador*, 希望, 充满希望, 希望に満ちた, 励み,
    前向き
tense: tens*, spannend*, angespannt*, spannung, tendu*, suspense, 紧张, 緊張, 緊迫, スリリング
""")

INSTRUMENTS = table("""
drums: batería, tambor*, percusión, schlagzeug, trommel*, perkussion, batterie, percussions, tambour*, bateria,
    percussão, 鼓, 打击乐, 鼓点, 節拍, ドラム, 太鼓, パーカッション, ビート
bass: bajo, kontrabass, basse, contrebasse, baixo, contrabaixo, 贝斯, 貝斯, 低音, ベース
piano/piano: klavier, flügel, 钢琴, 鋼琴, ピアノ
guitar/guitar: guitarra, guitarras, gitarre, gitarren, guitare, guitares, violão, 吉他, ギター
guitar/steel guitar: guitarra acústica, akustikgitarre, akustische gitarre, guitare acoustique, guitare sèche,
    木吉他, 原声吉他, アコギ, アコースティックギター
guitar/nylon guitar: guitarra española, guitarra clásica, konzertgitarre, guitare classique, 古典吉他,
    クラシックギター
guitar/distorted guitar: guitarra eléctrica, e-gitarre, elektrische gitarre, guitare électrique, guitarra elétrica,
    电吉他, エレキギター
strings/violin: violín, violines, geige, geigen, violine, violon, violons, violino, violinos, 小提琴, バイオリン,
    ヴァイオリン
strings/cello: violonchelo, violoncelle, violoncelo, violoncello, 大提琴, チェロ
strings/strings: cuerdas, streicher, cordes, cordas, 弦乐, 弦樂, ストリングス, 弦楽器
flute/flute: flauta, flöte, flûte, 长笛, 笛子, フルート, 笛
saxophone/saxophone: saxofón, saxo, saxophon, saxofone, 萨克斯, 薩克斯, サックス
brass/trumpet: trompeta, trompete, trompette, trompete, 小号, 喇叭, トランペット
clarinet/clarinet: clarinete, klarinette, clarinette, 单簧管, クラリネット
brass/brass: metales, bläser, blechbläser, cuivres, metais, 铜管, 銅管, ブラス, 金管
choir/choir: coro, chor, chœur, choeur, coral, 合唱, 合唱团, コーラス, 合唱団
organ/organ: órgano, orgel, orgue, órgão, 管风琴, オルガン
organ/accordion: acordeón, akkordeon, accordéon, acordeão, 手风琴, アコーディオン
harp/harp: arpa, harfe, harpe, harpa, 竖琴, 豎琴, ハープ
harp/koto: 古筝, 古箏, 琴, 箏
bell/bell: campanas, glocken, cloches, sinos, 钟声, 铃, 鈴, ベル
synth/synth lead: sintetizador*, synthesizer*, synthétiseur*, 合成器, シンセ, シンセサイザー
vocals: voz, voces, gesang, stimme, voix, chant, chanteuse, chanteur, vozes, canto, 人声, 歌声, 歌手, 演唱,
    ボーカル, ヴォーカル
lead: melodía, melodie, mélodie, melodia, 旋律, メロディ, メロディー
""")

SLOW = ("lento", "lenta", "langsam*", "lent", "lente", "devagar", "慢", "缓慢", "ゆっくり", "遅い", "スロー")
FAST = ("rápid*", "schnell*", "rapide*", "vite", "快速", "速い", "アップテンポ", "ファスト")
