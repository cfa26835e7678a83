"""What can be seen in the demo's pictures, as their invented senders say it, each in their own language."""

from greetings.operations.demo.catalogue import Picture
from greetings.operations.demo.pictures import wish_on

# "%s" stands for what is written in the picture
SCENES = {
    "balloons": {
        "be": "Пяць паветраных шарыкаў над зялёнымі пагоркамі, на іх літары: «АЛЕСЬ».",
        "en": "Five balloons over green hills. The letters on them read “АЛЕСЬ”.",
        "ru": "Пять воздушных шаров над зелёными холмами, на них буквы: «АЛЕСЬ».",
    },
    "bicycle": {
        "be": "Ровар з кошыкам кветак каля сцяны дома, на раме шыльда: «%s»",
        "en": "A bicycle with a basket of flowers by the wall of a house. On its frame a sign: “%s”",
        "ru": "Велосипед с корзиной цветов у стены дома, на раме табличка: «%s»",
    },
    "birches": {
        "be": "Плакат паміж бярозамі: «%s»",
        "en": "A poster among birch trees: “%s”",
        "ru": "Плакат среди берёз: «%s»",
    },
    "books": {
        "be": "Плакат прыхілены да стосу кніг, на кнігах кубак. Напісана: «%s»",
        "en": "A poster leans against a pile of books with a cup on top: “%s”",
        "ru": "Плакат прислонён к стопке книг, на книгах чашка. Написано: «%s»",
    },
    "bridge": {
        "be": "Мост над спакойнай ракой, на ім доўгі плакат: «%s»",
        "en": "A bridge over a calm river, and on it a long banner: “%s”",
        "ru": "Мост над спокойной рекой, на нём длинный плакат: «%s»",
    },
    "cake": {
        "be": "Торт са свечкамі, а над ім плакат: «%s»",
        "en": "A cake with burning candles, and above it a poster: “%s”",
        "ru": "Торт со свечами, а над ним плакат: «%s»",
    },
    "chalk": {
        "be": "Напісана крэйдай на асфальце, вакол намаляваныя сонцы і зоркі: «%s»",
        "en": "Written in chalk on the pavement, among suns and stars: “%s”",
        "ru": "Написано мелом на асфальте, вокруг нарисованы солнца и звёзды: «%s»",
    },
    "childrens": {
        "be": "Дзіцячы малюнак з надпісам: «%s»",
        "en": "A child’s drawing with the words: “%s”",
        "ru": "Детский рисунок с надписью: «%s»",
    },
    "covered": {
        "be": "Чалавек трымае перад тварам аркуш: «%s»",
        "en": "Somebody holds a sheet of paper before their face: “%s”",
        "ru": "Человек держит перед лицом лист: «%s»",
    },
    "field": {
        "be": "Плакат каля сцежкі ў полі: «%s»",
        "en": "A sign beside a path through a field: “%s”",
        "ru": "Плакат у тропинки в поле: «%s»",
    },
    "garland": {
        "be": "Папяровыя сцяжкі на вяровачцы, на іх: «АЛЕСЬ 50».",
        "en": "Paper flags on a string. On them: “АЛЕСЬ 50”.",
        "ru": "Бумажные флажки на верёвке, на них: «АЛЕСЬ 50».",
    },
    "group": {
        "be": "Некалькі чалавек стаяць побач і трымаюць доўгі плакат: «%s»",
        "en": "Several people stand side by side and hold a long banner: “%s”",
        "ru": "Несколько человек стоят рядом и держат длинный плакат: «%s»",
    },
    "hands": {
        "be": "Дзве рукі трымаюць плакат: «%s»",
        "en": "Two hands hold up a poster: “%s”",
        "ru": "Две руки держат плакат: «%s»",
    },
    "lake": {
        "be": "Ціхае возера з лодкай, у чароце плакат: «%s»",
        "en": "A quiet lake with a boat, and a sign among the reeds: “%s”",
        "ru": "Тихое озеро с лодкой, в камышах плакат: «%s»",
    },
    "letters": {
        "be": "Пяць чалавек у шэраг, у кожнага аркуш з літарай, разам: «АЛЕСЬ».",
        "en": "Five people in a row, each with a letter. Together they read “АЛЕСЬ”.",
        "ru": "Пять человек в ряд, у каждого лист с буквой, вместе: «АЛЕСЬ».",
    },
    "mushrooms": {
        "be": "Кошык грыбоў, а за ім плакат: «%s»",
        "en": "A basket of mushrooms, and behind it a poster: “%s”",
        "ru": "Корзина грибов, а за ней плакат: «%s»",
    },
    "pair": {
        "be": "Двое разам трымаюць плакат: «%s»",
        "en": "Two people hold a poster together: “%s”",
        "ru": "Двое вместе держат плакат: «%s»",
    },
    "portrait": {
        "be": "Чалавек усміхаецца і трымае плакат: «%s»",
        "en": "Somebody smiles and holds a poster: “%s”",
        "ru": "Человек улыбается и держит плакат: «%s»",
    },
    "shirt": {
        "be": "Чалавек у белай кашулі, на якой напісана: «%s»",
        "en": "Somebody in a white shirt with the words: “%s”",
        "ru": "Человек в белой рубашке, на которой написано: «%s»",
    },
    "shore": {
        "be": "Напісана на пяску каля мора, удалечыні маяк: «%s»",
        "en": "Written in the sand by the sea, with a lighthouse far off: “%s”",
        "ru": "Написано на песке у моря, вдали маяк: «%s»",
    },
    "sill": {
        "be": "Плакат на падаконніку: «%s»",
        "en": "A poster on a window sill: “%s”",
        "ru": "Плакат на подоконнике: «%s»",
    },
    "table": {
        "be": "Драўляны стол, канверт, кубак гарбаты і паштоўка: «%s»",
        "en": "A wooden table with an envelope, a cup of tea and a card: “%s”",
        "ru": "Деревянный стол, конверт, чашка чая и открытка: «%s»",
    },
    "village": {
        "be": "Хаты ў снезе, з комінаў ідзе дым, перад хатамі плакат: «%s»",
        "en": "Houses in the snow with smoking chimneys, and a sign before them: “%s”",
        "ru": "Дома в снегу, из труб идёт дым, перед домами плакат: «%s»",
    },
    "windows": {
        "be": "Начны горад пад месяцам, у некаторых асветленых вокнах сэрцы.",
        "en": "A town at night under the moon. In some of the lit windows there are hearts.",
        "ru": "Ночной город под луной, в некоторых освещённых окнах сердца.",
    },
}
PHOTOGRAPHS = {
    "01-vilnius-large": "Жанчына на вуліцы з рознакаляровымі дамамі трымае плакат: «З днём нараджэння, Алесь!»",
    "02-night": "A bearded man in a woollen cap, at night, with a poster: “Happy Birthday Ales!”",
    "03-office-large": "Six people at a bright window hold a long banner: “Happy Birthday, Ales!”",
    "04-cake": "A child’s drawing of a pink cake with candles under a big sun. On the cake: “Ales 50”.",
    "05-birds": "Дзіцячы малюнак: птушкі вылятаюць з клеткі. Напісана: «З днём нараджэння, Алесь!»",
    "06-flowers": "A child’s drawing of a bunch of flowers and a heart, with the words “Für Ales”.",
    "07-sea": "Two people on a beach with a sign: “Happy Birthday, Ales! from the Baltic shore”",
    "08-cycling": "Чалавек у шлеме за рулём ровара. На белай кашулі напісана: «Свабоду Алесю!»",
    "09-kitchen-large": "Сівая жанчына на кухні, перад ёй торт са свечкамі. На аркушы: «Алеська, мы цябе чакаем».",
    "10-berlin": "Four people before tall columns, each with a poster. On one of them: “Berlin denkt an dich”.",
    "11-field": "Дзве рукі над жытам трымаюць плакат: «З днём нараджэння, Алесь!»",
    "12-rain": "Дажджлівы вечар за акном, на падаконніку кубак і аркуш: «Ты не адзін».",
    "13-books": "Седой мужчина в очках среди книжных полок держит лист: «С днём рождения, Алесь!»",
    "14-autumn": "A red-haired woman in an autumn wood with a cardboard sign: “Happy Birthday Ales!”",
    "15-students-large": "Пяць чалавек у шэраг, у кожнага аркуш з літарай, разам: «АЛЕСЬ».",
    "16-snow": "Чалавек у чырвонай шапцы стаіць на снезе і закрывае твар аркушам: «Алесь, мы з табой».",
    "17-bridge": "A woman by the water at sunset. On her sheet of paper, in Polish: “Wszystkiego najlepszego, Aleś!”",
    "18-desk": "Двое в светлой комнате держат плакат: «С днём рождения, Алесь!»",
    "19-cat": "Шэрая котка на падаконніку каля плаката: «Мурка таксама віншуе!»",
    "20-sunflower": "Чалавек сярод сланечнікаў трымае аркуш: «З юбілеем, Алесь! Здароўя і волі».",
    "21-ridge": "Two people in front of mountains hold a white-red-white banner.",
    "22-rainbow": "A child’s drawing of a rainbow over a little house: “Ales come home!”",
    "23-window": "Жанчына перад кніжнымі паліцамі трымае аркуш: «Лісты даходзяць».",
    "24-candles": "Пяцёра людзей уначы са свечкамі, у аднаго з іх аркуш: «Алесь, 50!»",
}


def seen_in(picture: Picture, language: str) -> str:
    """What can be seen in a picture, as a sender who speaks that language says it."""
    if picture.name:
        return PHOTOGRAPHS[picture.name]
    said = SCENES[picture.scene][language]
    return said.replace("%s", wish_on(picture.scene, picture.seed, picture.language or language))
