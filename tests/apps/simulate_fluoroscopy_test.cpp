// SPDX-License-Identifier: Apache-2.0
// Pairs of views, agent that flows, wires, and knees from label volumes.
#include "cli.hpp"

#include <guide/io/frame_source.hpp>
#include <guide/io/sha256.hpp>

#include <Eigen/Dense>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <sstream>

using namespace guide;
using namespace guide::test;
using Catch::Contains;
using Json = nlohmann::json;
namespace fs = std::filesystem;

namespace {

Json coarse() {
    return {{"schema", "guide.case/1"},
            {"modality", "fluoroscopy"},
            {"knee", {{"effusion_mm", 8}, {"shape_variation", 0}}},
            {"c_arm", {{"pixel_mm", 1.6}, {"width_px", 128}, {"height_px", 128}, {"voxel_mm", 2}}}};
}

/// The 3 x 4 matrix that takes patient mm to pixels.
Eigen::Matrix<double, 3, 4> camera_of(const Json& arm) {
    Eigen::Matrix3d intrinsic, rotation;
    Eigen::Matrix<double, 3, 4> motion;
    for (int r = 0; r < 3; ++r) {
        const auto row = static_cast<std::size_t>(r);
        for (int c = 0; c < 3; ++c) {
            intrinsic(r, c) = arm.at("intrinsic")[row][static_cast<std::size_t>(c)];
            motion(r, c) = arm.at("rotation")[row][static_cast<std::size_t>(c)];
        }
        motion(r, 3) = arm.at("translation_mm")[row];
    }
    return intrinsic * motion;
}

/// The point seen at both pixels: least squares of the cross products.
Eigen::Vector3d triangulated(const Json& first, const Json& second) {
    Eigen::Matrix4d rows;
    int n = 0;
    for (const Json* view : {&first, &second}) {
        const auto p = camera_of(view->at("c_arm"));
        const double x = view->at("needle").at("tip_px")[0], y = view->at("needle").at("tip_px")[1];
        rows.row(n++) = x * p.row(2) - p.row(0);
        rows.row(n++) = y * p.row(2) - p.row(1);
    }
    return rows.leftCols<3>().colPivHouseholderQr().solve(-rows.col(3));
}

double grey_sum(const fs::path& file) {
    const Frame frame = io::open(file)->read(0);
    double sum = 0;
    for (std::size_t i = 0; i < frame.intensity.size(); ++i)
        sum += static_cast<double>(frame.intensity.data()[i]);
    return sum;
}

int pixels_of_agent(const fs::path& labels) {
    const Frame frame = io::open(labels)->read(0);
    return static_cast<int>(std::count_if(frame.intensity.data(),
                                          frame.intensity.data() + frame.intensity.size(),
                                          [](float v) { return (static_cast<int>(v) & 16) != 0; }));
}

/// Femur (3) and tibia (7) as blocks, 2 mm voxels that stand as the letters say: where each of the
/// file's axes runs to.
void write_volume(const fs::path& file, const std::string& space, const Eigen::Vector3i& signs) {
    constexpr int kX = 30, kY = 24, kZ = 50;
    std::string voxels;
    // Signs: whether an axis of the file runs along LPS or against it.
    for (int k = 0; k < kZ; ++k) {
        for (int j = 0; j < kY; ++j) {
            for (int i = 0; i < kX; ++i) {
                const int x = signs.x() > 0 ? i : kX - 1 - i, y = signs.y() > 0 ? j : kY - 1 - j,
                          z = signs.z() > 0 ? k : kZ - 1 - k;
                const bool bone = x > 5 && x < 20 && y > 6 && y < 18;
                // Off the middle in each direction, so that no mirroring goes unseen.
                const bool femur = bone && z > 27 && z < 48, tibia = bone && x < 16 && z < 25;
                voxels.push_back(static_cast<char>(femur ? 3 : tibia ? 7 : 0));
            }
        }
    }
    // The same in the axes of the space: RAS turns the first two, LAS the second.
    const Eigen::Vector3d to_space = space == "right-anterior-superior" ? Eigen::Vector3d(-1, -1, 1)
                                     : space == "left-anterior-superior" ? Eigen::Vector3d(1, -1, 1)
                                                                         : Eigen::Vector3d(1, 1, 1);
    const Eigen::Vector3d low(-30, -20, -50), size(kX, kY, kZ);
    std::ostringstream text;
    text << "NRRD0004\ntype: uint8\ndimension: 3\nsizes: 30 24 50\nencoding: raw\nspace: " << space
         << "\nspace directions:";
    Eigen::Vector3d origin;
    for (int a = 0; a < 3; ++a) {
        Eigen::Vector3d step = Eigen::Vector3d::Zero();
        step[a] = 2 * signs[a] * to_space[a];
        text << " (" << step.x() << ',' << step.y() << ',' << step.z() << ')';
        origin[a] = to_space[a] * (signs[a] > 0 ? low[a] : low[a] + 2 * (size[a] - 1));
    }
    text << "\nspace origin: (" << origin.x() << ',' << origin.y() << ',' << origin.z() << ")\n\n"
         << voxels;
    std::ofstream(file, std::ios::binary) << text.str();
}

Json own_knee() {
    Json c = coarse();
    c.erase("knee");
    c["c_arm"].erase("voxel_mm");
    c["volume"] = {{"file", "own.nrrd"}, {"labels", {{"3", "femur"}, {"7", "tibia"}}}};
    return c;
}

}  // namespace

TEST_CASE("guide simulate: a biplane pair gives the needle's tip back to a hundredth of a mm") {
    const TemporaryFolder folder;
    Json c = coarse();
    c["needle"] = {{"target", "recess"}, {"direction", {1, 0.4, -0.2}}, {"length_mm", 90}};
    c["biplane"] = {{"primary_deg", -75}, {"secondary_deg", 10}, {"roll_deg", 4}};
    const auto result = run_simulate(folder.path(), c);
    INFO(result.err);
    REQUIRE(result.exit_code == 0);
    const fs::path out = folder.path() / "out";
    const Json first = json_of(out / "truth" / "frame_0000.json");
    const Json second = json_of(out / "second" / "truth" / "frame_0000.json");
    const Eigen::Vector3d tip = triangulated(first, second);
    for (int a = 0; a < 3; ++a) {
        const auto i = static_cast<std::size_t>(a);
        CHECK(tip[a] == Approx(first.at("needle").at("tip_mm")[i].get<double>()).margin(0.01));
        CHECK(first.at("needle").at("tip_mm")[i] == second.at("needle").at("tip_mm")[i]);
    }
    // Each tells of the other.
    CHECK(first.at("biplane").at("other_c_arm") == second.at("c_arm"));
    CHECK(second.at("biplane").at("other_c_arm") == first.at("c_arm"));
    for (const auto& [truth, place] : {std::pair{first, out}, std::pair{second, out / "second"}}) {
        CHECK(fs::exists(place / truth.at("biplane").at("other_file").get<std::string>()));
        for (const char* part : {"labels", "mask"})
            CHECK(fs::exists(place / truth.at("files").at(part).get<std::string>()));
        CHECK(truth.at("source").at("sha256") == io::sha256_of_file(place / "frame_0000.png"));
    }
    CHECK(first.at("view") == "xray-ap");
    CHECK(second.at("view") == "xray-lateral");
    CHECK(second.at("c_arm").at("primary_deg") == -75);
}

TEST_CASE("guide simulate: agent that is let out into the joint grows from frame to frame") {
    for (const char* place : {"in-joint", "outside-joint"}) {
        const TemporaryFolder folder;
        Json c = coarse();
        c["contrast"] = place;
        c["needle"] = {{"target", "recess"}, {"direction", {1, 0.4, -0.2}}, {"length_mm", 90}};
        if (std::string(place) == "outside-joint") c["needle"]["short_of_target_mm"] = 25;
        c["sequence"] = {{"motion", "injection"}, {"frames", 3}, {"injected_ml", 6}};
        const auto result = run_simulate(folder.path(), c);
        INFO(result.err);
        REQUIRE(result.exit_code == 0);
        int before = -1;
        for (int i = 0; i < 3; ++i) {
            const std::string name = "frame_000" + std::to_string(i);
            const Json truth = json_of(folder.path() / "out" / "truth" / (name + ".json"));
            CHECK(truth.at("injection").at("injected_ml") == 3 * i);
            CHECK(truth.at("injection").at("shown_ml").get<double>() == Approx(3 * i).margin(0.02));
            const int agent = pixels_of_agent(folder.path() / "out" / "labels" / (name + ".png"));
            CHECK(agent > before);
            before = agent;
        }
        CHECK(grey_sum(folder.path() / "out" / "frame_0002.png") <
              grey_sum(folder.path() / "out" / "frame_0000.png"));
    }
}

TEST_CASE(
    "guide simulate: pairs with flowing agent, and label volumes, are the same for any threads") {
    Json flowing = coarse();
    flowing["contrast"] = "in-joint";
    flowing["needle"] = {{"target", "recess"}, {"direction", {1, 0.4, -0.2}}, {"length_mm", 90}};
    flowing["biplane"] = Json::object();
    flowing["sequence"] = {{"motion", "injection"}, {"frames", 2}};
    for (const Json& c : {flowing, own_knee()}) {
        std::string first;
        for (const char* threads : {"1", "3"}) {
            const TemporaryFolder folder;
            write_volume(folder.path() / "own.nrrd", "left-posterior-superior", {1, 1, 1});
            std::ofstream(folder.path() / "case.json") << c.dump();
            const fs::path out = folder.path() / "out";
            REQUIRE(run_guide({"simulate", folder.path() / "case.json", "--output", out,
                               "--threads", threads})
                        .exit_code == 0);
            std::vector<std::string> hashes;
            for (const auto& entry : fs::recursive_directory_iterator(out)) {
                if (!entry.is_regular_file()) continue;
                hashes.push_back(fs::relative(entry.path(), out).string() + ' ' +
                                 io::sha256_of_file(entry.path()));
            }
            std::sort(hashes.begin(), hashes.end());
            // Picture, labels, mask and truth of each frame, a calibration of each arm.
            CHECK(hashes.size() == (c.contains("biplane") ? 18 : 5));
            std::string all;
            for (const std::string& hash : hashes)
                all += hash + '\n';
            if (first.empty()) first = all;
            CHECK(all == first);
        }
    }
}

TEST_CASE("guide simulate: agent does not get into a joint that is far from the needle") {
    const TemporaryFolder folder;
    Json c = coarse();
    c["contrast"] = "in-joint";
    c["needle"] = {{"tip_mm", {0, 45, 80}}, {"direction", {0, -1, 0}}, {"length_mm", 90}};
    c["sequence"] = {{"motion", "injection"}, {"frames", 2}};
    const auto result = run_simulate(folder.path(), c);
    CHECK(result.exit_code == 1);
    CHECK_THAT(result.err, Contains("10 mm away from all joint fluid"));
}

TEST_CASE("guide simulate: wires darken the frame and stand in the truth, as no needle") {
    const TemporaryFolder folder;
    Json c = coarse();
    c["c_arm"]["white_od"] = 0;
    c["c_arm"]["black_od"] = 6;
    REQUIRE(run_simulate(folder.path(), c).exit_code == 0);
    const double without = grey_sum(folder.path() / "out" / "frame_0000.png");
    c["wires"] = {
        {{"name", "K-wire"}, {"radius_mm", 1.5}, {"points_mm", {{-30, 0, 0}, {30, 0, 10}}}}};
    REQUIRE(run_simulate(folder.path(), c).exit_code == 0);
    CHECK(grey_sum(folder.path() / "out" / "frame_0000.png") < without);
    const Json truth = json_of(folder.path() / "out" / "truth" / "frame_0000.json");
    REQUIRE(truth.at("wires").size() == 1);
    CHECK(truth.at("wires")[0].at("name") == "K-wire");
    CHECK(truth.at("wires")[0].at("axis_px").size() == 2);
    CHECK(truth.at("needle").is_null());
}

TEST_CASE("guide simulate: a label volume gives the same frame in LPS, RAS and LAS") {
    const TemporaryFolder folder;
    std::string hash;
    const std::tuple<const char*, Eigen::Vector3i> kinds[] = {
        {"left-posterior-superior", {1, 1, 1}},  {"right-anterior-superior", {-1, -1, 1}},
        {"left-anterior-superior", {1, -1, 1}},  {"left-posterior-superior", {-1, 1, -1}},
        {"right-anterior-superior", {1, 1, -1}},
    };
    for (const auto& [space, signs] : kinds) {
        INFO(space << ' ' << signs.transpose());
        write_volume(folder.path() / "own.nrrd", space, signs);
        const auto result = run_simulate(folder.path(), own_knee());
        INFO(result.err);
        REQUIRE(result.exit_code == 0);
        const Json truth = json_of(folder.path() / "out" / "truth" / "frame_0000.json");
        // Femur above tibia, the joint space between them: 4 mm and less by smoothing.
        CHECK(truth.at("joint_space").at("area_mm2").get<double>() > 20);
        const std::string found =
            io::sha256_of_file(folder.path() / "out" / "labels" / "frame_0000.png");
        if (hash.empty()) hash = found;
        CHECK(found == hash);
        // The joint's middle: x from -18 to 0 and 8, y from -6 to 14.
        CHECK(truth.at("c_arm").at("isocentre_mm")[0].get<double>() == Approx(-7).margin(2));
        CHECK(truth.at("c_arm").at("isocentre_mm")[2].get<double>() == Approx(1).margin(3));
    }
}

TEST_CASE("guide simulate: broken and unfit label volumes are refused by name and cause") {
    const TemporaryFolder folder;
    const fs::path file = folder.path() / "own.nrrd";
    const auto refused = [&](const std::string& words, const Json& c) {
        const auto result = run_simulate(folder.path(), c);
        INFO(words << " | " << result.err);
        CHECK(result.exit_code == 1);
        CHECK(std::count(result.err.begin(), result.err.end(), '\n') == 1);
        CHECK_THAT(result.err, Contains("own.nrrd") && Contains(words));
        CHECK_FALSE(fs::exists(folder.path() / "out"));
    };
    refused("no such file", own_knee());
    const auto write = [&](const std::string& text) {
        std::ofstream(file, std::ios::binary) << text;
    };
    const std::string head = "NRRD0004\ntype: uint8\ndimension: 3\nsizes: 4 4 4\nencoding: raw\n";
    const std::string place =
        "space: left-posterior-superior\nspace directions: (1,0,0) (0,1,0) (0,0,1)\n"
        "space origin: (0,0,0)\n";
    write("no volume");
    refused("", own_knee());
    write(head);
    refused("header does not end", own_knee());
    write(head + place + "\n" + std::string(63, '\3'));
    refused("ends before its pixels do", own_knee());
    write(head + "\n" + std::string(64, '\3'));
    refused("where its voxels lie", own_knee());
    write(head + "space: right-anterior-inferior\n" + place.substr(place.find("space d")) + "\n" +
          std::string(64, '\3'));
    refused("where its voxels lie", own_knee());
    write(head +
          "space: LPS\nspace directions: (1,0,0) (1,0,0) (0,0,1)\nspace origin: (0,0,0)\n\n" +
          std::string(64, '\3'));
    refused("span no volume", own_knee());
    write(head + place + "\n" + std::string(64, '\5'));
    refused("label 5", own_knee());
    write(head + place + "\n" + std::string(64, '\0'));
    refused("nothing but background", own_knee());
    std::string half = head + place + "\n" + std::string(64, '\0');
    half.replace(half.find("uint8"), 5, "float");
    half.replace(half.size() - 64, 64, std::string(252, '\0') + std::string("\0\0\0\x3f", 4));
    write(half.replace(half.find("encoding"), 0, "endian: little\n"));
    refused("labels are whole numbers", own_knee());
}
