// SPDX-License-Identifier: Apache-2.0
#include "start_page.hpp"

#include "recent_files.hpp"

#include <guide/io/frame_source.hpp>
#include <guide/render/caption.hpp>
#include <guide/render/picture.hpp>

#include <QCoreApplication>
#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QGridLayout>
#include <QHBoxLayout>
#include <QImage>
#include <QJsonDocument>
#include <QJsonObject>
#include <QLabel>
#include <QListWidget>
#include <QPixmap>
#include <QPushButton>
#include <QVBoxLayout>

namespace guide::viewer {
namespace {

constexpr int kPathRole = Qt::UserRole, kViewRole = Qt::UserRole + 1;
constexpr QSize kPicture{148, 111};

QLabel* words(const QString& text, const char* role) {
    auto* label = new QLabel(text);
    label->setProperty("role", role);
    label->setWordWrap(true);
    return label;
}

// The middle frame, cut to the shape of the list's pictures; black where it cannot be read.
QImage small_picture(const QString& path) {
    QImage picture(kPicture, QImage::Format_RGB32);
    picture.fill(Qt::black);
    try {
        const auto source = io::open(path.toStdString());
        const Frame frame = source->read(source->info().frame_count / 2);
        const Image<Rgb8> pixels = render::screen_picture(frame);
        const QImage whole(reinterpret_cast<const uchar*>(pixels.data()), pixels.width(),
                           pixels.height(), 3 * pixels.width(), QImage::Format_RGB888);
        const QImage scaled =
            whole.scaled(kPicture, Qt::KeepAspectRatioByExpanding, Qt::SmoothTransformation);
        const QRect middle(QPoint((scaled.width() - kPicture.width()) / 2,
                                  (scaled.height() - kPicture.height()) / 2),
                           kPicture);
        picture = scaled.copy(middle);
    } catch (const std::exception&) {
        // The sample still stands in the list; opening it says why.
    }
    return picture;
}

}  // namespace

std::vector<Sample> find_samples() {
    std::vector<Sample> samples;
    const QDir folder(QCoreApplication::applicationDirPath() + "/../share/guide/samples");
    for (const QFileInfo& entry :
         folder.entryInfoList(QDir::Dirs | QDir::NoDotAndDotDot, QDir::Name)) {
        QFile file(entry.filePath() + "/case.json");
        if (!file.open(QIODevice::ReadOnly)) continue;
        const QJsonObject facts = QJsonDocument::fromJson(file.readAll()).object();
        const QStringList frames =
            QDir(entry.filePath())
                .entryList({"frame*.dcm", "frame*.png", "sequence*.dcm"}, QDir::Files, QDir::Name);
        if (frames.isEmpty()) continue;
        samples.push_back(
            {facts["title"].toString(entry.fileName()), entry.filePath() + "/" + frames.front(),
             view_from_name(facts["view"].toString().toStdString()).value_or(View::unknown)});
    }
    return samples;
}

StartPage::StartPage(QWidget* parent) : QWidget(parent) {
    setObjectName("start");
    auto* page = new QVBoxLayout(this);
    page->setContentsMargins(48, 32, 48, 24);
    page->setSpacing(14);
    page->addWidget(make_offer());
    auto* title = new QLabel("Plan a knee injection");
    QFont large = title->font();
    large.setPointSizeF(large.pointSizeF() * 2);
    large.setBold(true);
    title->setFont(large);
    page->addWidget(title);
    page->addWidget(
        words("Open an ultrasound picture, a clip or a radiograph of a knee. The joint "
              "space is found, the needle path is planned, and every reason is shown. "
              "Then draw a path of your own and see what it would touch.",
              "faint"));
    auto* buttons = new QHBoxLayout;
    auto* open = new QPushButton("Open a picture or clip...");
    open->setObjectName("open_file");
    open->setProperty("role", "main");
    open->setToolTip("Ctrl+O");
    auto* folder = new QPushButton("Open a folder...");
    folder->setObjectName("open_folder");
    folder->setToolTip("Ctrl+Shift+O");
    buttons->addWidget(open);
    buttons->addWidget(folder);
    buttons->addWidget(words("or drop a file here", "faint"));
    buttons->addStretch(1);
    auto* train = new QPushButton("Practise: twelve lessons...");
    train->setObjectName("train_button");
    train->setToolTip("Ctrl+T");
    buttons->addWidget(train);
    connect(train, &QPushButton::clicked, this, &StartPage::train);
    page->addLayout(buttons);
    connect(open, &QPushButton::clicked, this, &StartPage::open_file);
    connect(folder, &QPushButton::clicked, this, &StartPage::open_folder);

    auto* lists = new QGridLayout;
    lists->setHorizontalSpacing(24);
    lists->addWidget(words("Samples: simulated knees", "heading"), 0, 0);
    lists->addWidget(words("Opened before", "heading"), 0, 1);
    samples_ = list("samples", "Samples");
    samples_->setViewMode(QListView::IconMode);
    samples_->setIconSize(kPicture);
    samples_->setResizeMode(QListView::Adjust);
    samples_->setMovement(QListView::Static);
    samples_->setWordWrap(true);
    samples_->setTextElideMode(Qt::ElideNone);
    recent_ = list("recent", "Opened before");
    lists->addWidget(samples_, 1, 0);
    lists->addWidget(recent_, 1, 1);
    lists->setColumnStretch(0, 5);
    lists->setColumnStretch(1, 2);
    page->addLayout(lists, 1);
    page->addWidget(words(QString::fromUtf8(render::kNotice.data()) + ".", "faint"));
    fill_samples();
    refresh();
}

StartPage::~StartPage() = default;

QWidget* StartPage::make_offer() {
    unfinished_ = new QFrame;
    unfinished_->setObjectName("unfinished");
    auto* row = new QHBoxLayout(unfinished_);
    unfinished_text_ = words({}, "plain");
    unfinished_text_->setObjectName("unfinished_text");
    auto* go_on = new QPushButton("Go on with it");
    go_on->setObjectName("go_on_work");
    auto* forget = new QPushButton("Forget it");
    forget->setObjectName("forget_work");
    row->addWidget(unfinished_text_, 1);
    row->addWidget(go_on);
    row->addWidget(forget);
    connect(go_on, &QPushButton::clicked, this, &StartPage::go_on);
    connect(forget, &QPushButton::clicked, this, [this] {
        emit this->forget();
        offer({});
    });
    return unfinished_;
}

void StartPage::offer(const QString& path) {
    unfinished_->setVisible(!path.isEmpty());
    const QFileInfo file(path);
    unfinished_text_->setText("The program ended unexpectedly while " + file.dir().dirName() + "/" +
                              file.fileName() + " was open.");
}

QListWidget* StartPage::list(const QString& name, const QString& label) {
    auto* made = new QListWidget;
    made->setObjectName(name);
    made->setAccessibleName(label);
    made->setTextElideMode(Qt::ElideMiddle);
    made->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    made->setSpacing(2);
    const auto choose = [this](const QListWidgetItem* item) {
        if (item->data(kPathRole).toString().isEmpty()) return;
        emit chosen(item->data(kPathRole).toString(),
                    static_cast<View>(item->data(kViewRole).toInt()));
    };
    connect(made, &QListWidget::itemActivated, this, choose);
    connect(made, &QListWidget::itemClicked, this, choose);
    return made;
}

void StartPage::refresh() {
    recent_->clear();
    for (const QString& path : RecentFiles::list()) {
        // Frames of many a folder have one name.
        const QFileInfo file(path);
        auto* item = new QListWidgetItem(file.dir().dirName() + "/" + file.fileName(), recent_);
        item->setData(kPathRole, path);
        item->setData(kViewRole, static_cast<int>(View::unknown));
        item->setToolTip(path);
    }
    for (QListWidget* made : {samples_, recent_}) {
        if (made->count() > 0) {
            made->setCurrentRow(0);
        } else {
            auto* none =
                new QListWidgetItem(made == recent_ ? "Nothing yet" : "None installed", made);
            none->setFlags(Qt::NoItemFlags);
        }
    }
}

void StartPage::fill_samples() {
    known_ = find_samples();
    QPixmap blank(kPicture);
    blank.fill(Qt::black);
    for (const Sample& sample : known_) {
        auto* item = new QListWidgetItem(QIcon(blank), sample.title, samples_);
        item->setData(kPathRole, sample.file);
        item->setData(kViewRole, static_cast<int>(sample.view));
        item->setToolTip(sample.title);
        item->setSizeHint(kPicture + QSize(14, 76));
    }
    pictures_left_ = static_cast<int>(known_.size());
    pictures_ = std::jthread([this, samples = known_](const std::stop_token& stop) {
        for (int i = 0; i < static_cast<int>(samples.size()) && !stop.stop_requested(); ++i) {
            const QImage picture = small_picture(samples[static_cast<std::size_t>(i)].file);
            QMetaObject::invokeMethod(
                this,
                [this, i, picture] {
                    const QPixmap pixels = QPixmap::fromImage(picture);
                    QIcon icon(pixels);
                    icon.addPixmap(pixels, QIcon::Selected);  // not tinted
                    samples_->item(i)->setIcon(icon);
                    --pictures_left_;
                },
                Qt::QueuedConnection);
        }
    });
}

}  // namespace guide::viewer
